public import ArgumentParser
import Formats
import Scope
public import TerminalUI

/// How the terminal is used, and what is kept of a session.
struct ScreenOptions: ParsableArguments {
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

  @Option(
    help: ArgumentHelp(
      "Keep the trainings of the train or the race page: a line of JSON an epoch, and one where a rate changes.",
      valueName: "file"))
  var log: String?

  /// Says that nothing is kept, where somebody asked for it and there is no terminal.
  func sayNothingIsKept() {
    if record != nil || cast != nil || log != nil {
      Terminal.writeError("dropscope: without a terminal there is no session to keep\n")
    }
  }

  /// - Throws: `Failure` where what is kept would go to the screen.
  func check() throws {
    guard record != "-", cast != "-", log != "-" else {
      throw Failure(
        usage: "--record, --cast and --log: expected a file, found -, which is the screen")
    }
    if let log { try FileBytes.checkWritable(log) }
  }
}

extension ColorChoice: ExpressibleByArgument {}
extension Ramp: ExpressibleByArgument {}
