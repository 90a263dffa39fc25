import Foundation
import Testing
import TestSupport

/// However the program ends, the terminal is left as it was found.
@Suite struct EndingTests {
  /// What must be sent for a terminal to be usable again.
  private let undoing = ["?1002l", "?1006l", "?2004l", "?1049l", "?25h"].map { "\u{1B}[\($0)" }

  private func expectUndone(_ terminal: Pty, from start: Int) {
    let sent = String(decoding: terminal.bytes[start...], as: UTF8.self)
    for sequence in undoing { #expect(sent.contains(sequence), "\(sequence.dropFirst())") }
  }

  @Test(arguments: ["q", "\u{3}"])
  func byKey(key: String) throws {
    try ShellOnPty.program { shell in
      let start = shell.terminal.bytes.count
      shell.terminal.type(key)
      shell.expectEnd(status: 0)
      expectUndone(shell.terminal, from: start)
    }
  }

  /// All signals that by default end a process and can be caught.
  private static let ending = (1...64).filter { number in
    ![SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGCHLD, SIGURG, SIGWINCH, SIGINT]
      .contains(number) && !(32...33).contains(number)
  }

  /// Ctrl-C is a key to the program; every other signal ends it as it would have without a screen.
  @Test(arguments: ending)
  func bySignal(number: Int32) throws {
    try ShellOnPty.program { shell in
      // In the middle of its work.
      shell.terminal.type(" ")
      #expect(shell.terminal.wait(for: "seed 9"))
      let start = shell.terminal.bytes.count
      kill(shell.terminal.foreground, number)
      shell.expectEnd(status: 128 + Int(number))
      expectUndone(shell.terminal, from: start)
    }
  }

  /// The first that comes ends it; those behind it must not before the terminal is restored.
  @Test func byManySignalsAtOnce() throws {
    try ShellOnPty.program { shell in
      let start = shell.terminal.bytes.count
      let many = [SIGUSR1, SIGUSR2, SIGALRM, SIGXCPU, SIGPROF, SIGVTALRM]
      // Who is in front is asked once: the program may be gone before the last one is sent.
      let program = shell.terminal.foreground
      try #require(program > 0)
      for number in many { kill(program, number) }
      shell.expectEnd(status: many.map { 128 + Int($0) })
      expectUndone(shell.terminal, from: start)
    }
  }

  /// A signal at any moment of the start finds the terminal as it was, or leaves it so.
  @Test(arguments: 0..<8)
  func whileItStarts(moment: Int) throws {
    try TemporaryFolder.with { folder in
      let terminal = try Pty(["/bin/sh", "-i"], in: folder)
      try #require(terminal.wait(for: "ready>"))
      let (before, shell) = (terminal.driverModes, terminal.foreground)
      terminal.type("\(Program.url.path()); echo \"over=$?\"\r")
      let isStarted = terminal.wait { _ in terminal.foreground != shell }
      try #require(isStarted)
      terminal.pump(milliseconds: moment * 6)
      kill(terminal.foreground, SIGUSR1)
      #expect(terminal.wait(for: "over=138"), "\(terminal.screen.text)")
      #expect(terminal.driverModes == before)
      #expect(terminal.screen.modes.subtracting([12]) == [7, 25])
    }
  }

  /// A file that must not grow further is told on the screen, not by the signal that comes with it.
  @Test func notByTheLimitOfAFile() throws {
    try ShellOnPty.run(
      "(ulimit -f 1; exec \(Program.url.path()) --record session.script)", ready: "q quit"
    ) { shell in
      for _ in 0..<120 {
        shell.terminal.type("r")
        shell.terminal.pump(milliseconds: 5)
      }
      shell.terminal.type("q")
      shell.expectEnd(status: 0)
      let last = shell.terminal.screen.text
      #expect(last.contains("cannot write: File too large"), "\(last)")
    }
  }

  @Test func whenTheTerminalGoesAway() throws {
    try TemporaryFolder.with { folder in
      let terminal = try Pty.program(in: folder)
      #expect(terminal.wait(for: "q quit"))
      terminal.hangUp()
      #expect(terminal.exitStatus() == -SIGHUP)
    }
  }

  /// Real traps, in a program that dies on the same screen.
  @Test(arguments: [
    ("index", "Fatal error: Index out of range", [132, 133]),
    ("unwrap", "Fatal error: Unexpectedly found nil", [132, 133]),
    ("recursion", "status=", [139]),
    ("error", "Fatal error: Error raised at top level", [132, 133]),
    ("thread", "Fatal error: in another thread", [132, 133]),
    ("abort", "status=", [134]),
    ("exit", "status=", [3]),
  ])
  func byTrap(cause: String, text: String, status: [Int]) throws {
    let crasher = Program.url.deletingLastPathComponent().appending(path: "Crasher").path()
    try ShellOnPty.run("\(crasher) \(cause)", ready: "row 23") { shell in
      let start = shell.terminal.bytes.count
      shell.terminal.type("x")
      #expect(shell.terminal.wait { $0.text.contains("status=") }, "\(shell.terminal.screen.text)")
      shell.expectEnd(status: status[0], status.last!)
      #expect(shell.terminal.screen.text.contains(text), "\(shell.terminal.screen.text)")
      let hasFrame = shell.terminal.screen.text.uppercased().contains("FRAMEFRAME")
      #expect(!hasFrame, "\(shell.terminal.screen.text)")
      expectUndone(shell.terminal, from: start)
    }
  }
}
