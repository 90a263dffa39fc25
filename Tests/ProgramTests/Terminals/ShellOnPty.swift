import Foundation
import Testing
import TestSupport

/// A shell on a terminal, programs that run in it, and what it finds when they are over.
struct ShellOnPty {
  let terminal: Pty
  /// Where the shell and its programs run.
  let folder: TemporaryFolder
  private let modesBefore: [UInt8]

  /// Starts `command` in a shell and hands it over once `ready` is on the screen.
  static func run(
    _ command: String, ready: String, _ body: (ShellOnPty) throws -> Void
  ) throws {
    try TemporaryFolder.with { folder in
      let terminal = try Pty(["/bin/sh", "-i"], in: folder)
      try #require(terminal.wait(for: "ready>"), "\(terminal.screen.text)")
      let shell = ShellOnPty(
        terminal: terminal, folder: folder, modesBefore: terminal.driverModes)
      terminal.type("\(command); echo \"status=$?\"\r")
      try #require(terminal.wait(for: ready), "\(terminal.screen.text)")
      try body(shell)
      terminal.type("exit\r")
    }
  }

  /// dropscope in the shell.
  static func program(_ arguments: String = "", _ body: (ShellOnPty) throws -> Void) throws {
    try run("\(Program.url.path()) \(arguments)", ready: "q quit", body)
  }

  /// dropscope in the shell, started again each time somebody quits it, until there is a file `over`;
  /// an end with a status other than 0 is the last.
  static func programAgain(_ body: (ShellOnPty) throws -> Void) throws {
    let program = Program.url.path()
    try run("sh -c 'until [ -e over ]; do \(program) || exit; done'", ready: "q quit", body)
  }

  /// Checks that the shell has its terminal back as it was, and that the program ended with `status`.
  func expectEnd(
    status: Int..., seconds: Double = 10, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectEnd(status: status, seconds: seconds, sourceLocation: sourceLocation)
  }

  func expectEnd(
    status: [Int], seconds: Double = 10, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let isOver = terminal.wait(seconds: seconds) { screen in
      status.contains { screen.text.contains("status=\($0)\nready>") }
    }
    #expect(isOver, "\(terminal.screen.text)", sourceLocation: sourceLocation)
    expectOwnTerminal(sourceLocation: sourceLocation)
  }

  /// Checks that nothing of the program's is left on: the screen, the mouse, the driver's modes.
  func expectOwnTerminal(sourceLocation: SourceLocation = #_sourceLocation) {
    let screen = terminal.screen
    #expect(terminal.driverModes == modesBefore, sourceLocation: sourceLocation)
    #expect(
      screen.modes.subtracting([12]) == [7, 25], "modes left on, or the cursor hidden",
      sourceLocation: sourceLocation)
    #expect(screen.style == TextScreen.Style(), sourceLocation: sourceLocation)
    #expect(screen.text.contains("ready>"), "\(screen.text)", sourceLocation: sourceLocation)
    #expect(screen.unknown == [], sourceLocation: sourceLocation)
  }
}
