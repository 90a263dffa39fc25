import ArgumentParser
import CursesBackend
import Formats
import Scope
import TerminalUI

/// `dropscope [view]`: the terminal program; without a terminal on both ends one text frame.
struct View: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at a feature map, its mask and the result (the default).")

  @OptionGroup var options: ViewOptions

  @Option(help: "auto, never, 16, 256 or truecolor.")
  var color: ColorChoice = .auto

  @Flag(help: "Leave the mouse to the terminal.")
  var noMouse = false

  func run() throws {
    let view = try options.open()
    let facts = TerminalFacts()
    guard facts.isInteractive else {
      try print(view.textFrame().text)
      return
    }
    guard facts.term != "dumb" else {
      print(try view.state(size: .init(width: 80, height: 24)).summary())
      return
    }
    let screen: CursesScreen
    do {
      screen = try CursesScreen(color: color, mouse: !noMouse)
    } catch {
      // A terminal that cannot place its cursor still gets the numbers.
      print(try view.state(size: .init(width: 80, height: 24)).summary())
      return
    }
    try EventLoop(screen: screen).run(view)
  }
}
