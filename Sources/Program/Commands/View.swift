public import ArgumentParser
import CursesBackend
import FoundationEssentials
import Glibc
import NeuralNet
import Scope
public import TerminalUI

/// `dropscope [view]`: the terminal program; without a terminal on both ends one text frame.
struct View: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view",
    abstract: "Look at a feature map, its mask and the result (the default).",
    discussion: "Keys:\n" + Bindings.list)

  @OptionGroup var options: ViewOptions

  @OptionGroup var page: PageOption

  @OptionGroup var budget: BudgetOptions

  @Option(help: "auto (default), never, 16, 256 or truecolor.")
  var color: ColorChoice?

  @Option(help: "The colours of values: viridis (default), magma, grey or sheet.")
  var ramp: Ramp?

  @Flag(inversion: .prefixedNo, help: "Use nothing but ASCII.")
  var ascii: Bool?

  @Flag(
    inversion: .prefixedNo, help: "Take the mouse from the terminal, or leave it (default: take).")
  var mouse: Bool?

  @Option(help: ArgumentHelp("Keep what is done, for dropscope play.", valueName: "file"))
  var record: String?

  @Option(help: ArgumentHelp("Keep what is seen, as an asciicast.", valueName: "file"))
  var cast: String?

  @Flag(help: "Print a config.toml with every setting and key at its default, and end.")
  var printConfig = false

  func run() throws {
    if printConfig {
      try Terminal.write(Config.defaults)
      return
    }
    var config = Config.read(path: Config.path(environment: ProcessInfo.processInfo.environment))
    try budget.apply(config)
    let page = try page.chosen
    let view = try options.open(&config)
    view.warn()
    for problem in config.problems { Terminal.writeError("dropscope: \(problem)\n") }
    let facts = TerminalFacts.current()
    let plain = State.Size(width: 80, height: 24)
    if facts.isOutputTerminal, facts.isDumb {
      try Terminal.write(lines: view.state(size: plain).summary())
      return
    }
    guard facts.isInputTerminal, facts.isOutputTerminal else {
      if record != nil || cast != nil {
        Terminal.writeError("dropscope: without a terminal there is no session to keep\n")
      }
      try Terminal.write(frame: view.textFrame(of: page))
      return
    }
    guard record != "-", cast != "-" else {
      throw Failure(usage: "--record and --cast: expected a file, found -, which is the screen")
    }
    var log = try SessionLog(record: record, cast: cast)
    // Before the terminal is taken: what a first look computes can be interrupted as any program can.
    let seen = facts.size ?? (plain.width, plain.height)
    var state = try view.state(size: State.Size(width: seen.width, height: seen.height))
    let screen: CursesScreen
    do {
      screen = try CursesScreen(
        color: color ?? config.color ?? .auto, ascii: ascii ?? config.ascii ?? false,
        mouse: mouse ?? config.mouse ?? true)
    } catch {
      // A terminal that cannot place its cursor, or that nobody knows, still gets the picture. Behind
      // it, where it is seen, why there is no more.
      try Terminal.write(
        frame: view.textFrame(of: page, theme: Theme(glyphs: .ascii, hasColor: false)))
      Terminal.writeError("dropscope: \(error)\n")
      return
    }
    defer { screen.restore() }
    state.theme = Theme(screen, ramp: ramp ?? config.ramp ?? .viridis)
    _ = state.perform([.resize(width: screen.size.width, height: screen.size.height)])
    state.keymap = config.keymap
    log.begin(
      ScriptHeader(state, mask: options.mask), timestamp: time(nil))
    let waker = screen.waker
    var loop = EventLoop(screen, state, log: log, wake: waker.wake)
    // On the screen for now, and on standard error for when the screen is gone.
    if let notice = screen.notice { Terminal.writeError("dropscope: \(notice)\n") }
    let first = ([screen.notice, config.summary].compactMap { $0 } + view.warnings)
      .joined(separator: "; ")
    loop.run((page.map { [.openPage($0)] } ?? []) + (first.isEmpty ? [] : [.inform(first)]))
    loop.leave()
  }
}

extension ColorChoice: ExpressibleByArgument {}
extension Ramp: ExpressibleByArgument {}
