public import ArgumentParser
import CursesBackend
import Glibc
import NeuralNet
import Scope
public import TerminalUI

/// `dropscope [view]`: the terminal program; without a terminal on both ends one text frame.
struct View: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at a feature map, its mask and the result (the default).")

  @OptionGroup var options: ViewOptions

  @Option(help: "auto, never, 16, 256 or truecolor.")
  var color: ColorChoice = .auto

  @Flag(help: "Use nothing but ASCII.")
  var ascii = false

  @Flag(help: "Leave the mouse to the terminal.")
  var noMouse = false

  func run() throws {
    let view = try options.open()
    let facts = TerminalFacts.current()
    let plain = State.Size(width: 80, height: 24)
    if facts.isOutputTerminal, facts.isDumb {
      Terminal.write(try view.state(size: plain).summary() + "\n")
      return
    }
    guard facts.isInputTerminal, facts.isOutputTerminal else {
      Terminal.write(try view.textFrame().text + "\n")
      return
    }
    guard let screen = try? CursesScreen(color: color, ascii: ascii, mouse: !noMouse) else {
      // A terminal that cannot place its cursor, or that nobody knows, still gets the picture.
      Terminal.write(try view.textFrame(theme: Theme(glyphs: .ascii, hasColor: false)).text + "\n")
      return
    }
    defer { screen.restore() }
    let theme = Theme(
      glyphs: screen.isUTF8 ? .unicode : .ascii, hasColor: screen.colorDepth >= .palette256)
    let size = State.Size(width: screen.size.width, height: screen.size.height)
    var loop = EventLoop(screen, try view.state(size: size, theme: theme))
    loop.run()
    screen.restore()
    if let signal = screen.terminationSignal {
      // Ends as the signal would have ended it, so that a shell sees why.
      Glibc.signal(signal, SIG_DFL)
      raise(signal)
    }
  }
}

extension ColorChoice: ExpressibleByArgument {}
