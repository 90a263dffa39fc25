import ArgumentParser
import CursesBackend
import Scope

/// `dropscope [view]`: the terminal program; without a terminal on both ends one text frame.
struct View: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view",
    abstract: "Look at a feature map, its mask and the result (the default).",
    discussion: "Keys:\n" + Bindings.list)

  @OptionGroup var options: ViewOptions

  @OptionGroup var page: PageOption

  @OptionGroup var budget: BudgetOptions

  @OptionGroup var screen: ScreenOptions

  @Flag(help: "Print a config.toml with every setting and key at its default, and end.")
  var printConfig = false

  func run() throws {
    if printConfig {
      try Terminal.write(Config.defaults)
      return
    }
    var config = Config.ofUser()
    try budget.apply(config)
    let page = try page.chosen
    let view = try options.open(&config)
    view.warn()
    for problem in config.problems { Terminal.writeError("dropscope: \(problem)\n") }
    let facts = TerminalFacts.current()
    if facts.isOutputTerminal, facts.isDumb {
      try Terminal.write(lines: view.state(size: ScreenSession.plainSize).summary())
      return
    }
    guard facts.isInputTerminal, facts.isOutputTerminal else {
      screen.sayNothingIsKept()
      try Terminal.write(frame: view.textFrame(of: page))
      return
    }
    try ScreenSession(view, screen, config, mask: options.mask, page: page).run()
  }
}
