import Foundation
import Testing
import TestSupport

/// Stopped and continued, by key or from outside.
@Suite struct SuspendTests {
  @Test(arguments: ["Ctrl-Z", "SIGTSTP"])
  func theShellHasItsTerminalMeanwhile(cause: String) throws {
    try ShellOnPty.program { shell in
      let terminal = shell.terminal
      terminal.type("r")
      #expect(terminal.wait(for: "seed 8"))
      terminal.settle()
      let frame = terminal.screen.cells
      if cause == "SIGTSTP" { kill(terminal.foreground, SIGTSTP) } else { terminal.type("\u{1A}") }
      #expect(terminal.wait(for: "Stopped"), "\(terminal.screen.text)")
      #expect(terminal.wait { $0.lines.contains { $0.hasPrefix("ready>") } })
      terminal.settle()
      shell.expectOwnTerminal()
      terminal.type("echo mess over the screen; fg; echo \"status=$?\"\r")
      #expect(terminal.wait { $0.cells == frame }, "\(terminal.screen.text)")
      #expect(terminal.screen.modes.isSuperset(of: [1002, 1006, 1049, 2004]))
      terminal.type("+")
      #expect(terminal.wait(for: ".55  keep .45"), "\(terminal.screen.text)")
      terminal.type("q")
      shell.expectEnd(status: 0)
    }
  }

  /// SIGSTOP gives no chance to leave the screen; what is on it when the program goes on is unknown.
  @Test func aProgramStoppedFromOutsideDrawsAnew() throws {
    try TemporaryFolder.with { folder in
      let terminal = try Pty.program(in: folder)
      #expect(terminal.wait(for: "q quit"))
      terminal.settle()
      let frame = terminal.screen.cells
      kill(terminal.pid, SIGSTOP)
      terminal.resize(width: 3, height: 2)
      terminal.resize(width: 80, height: 24)
      #expect(terminal.screen.cells != frame)
      kill(terminal.pid, SIGCONT)
      #expect(terminal.wait { $0.cells == frame }, "\(terminal.screen.text)")
      terminal.type("q")
      #expect(terminal.exitStatus() == 0)
    }
  }

  /// There is no shell that could continue a program that leads its session.
  @Test func aLeaderOfItsSessionGoesOn() throws {
    try TemporaryFolder.with { folder in
      let terminal = try Pty.program(in: folder)
      #expect(terminal.wait(for: "q quit"))
      terminal.type("\u{1A}+")
      #expect(terminal.wait(for: ".55  keep .45"), "\(terminal.screen.text)")
      terminal.type("q")
      #expect(terminal.exitStatus() == 0)
    }
  }
}
