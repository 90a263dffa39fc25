import Foundation
import TestSupport
import Testing

/// A paste of any size is read at once, and is text.
@Suite struct PasteTests {
  private static let megabyte = String(repeating: "pasted \u{1}text\r\n", count: 66_000)

  private func paste(_ text: String, then keys: String) -> [UInt8] {
    Array("\u{1B}[200~\(text)\u{1B}[201~\(keys)".utf8)
  }

  @Test(arguments: ["", ":"])
  func aMegabyteIsReadAtOnce(before: String) throws {
    try ShellOnPty.program { shell in
      let terminal = shell.terminal
      terminal.type(before)
      terminal.pump(milliseconds: 100)
      let start = ContinuousClock.now
      // What is typed behind it is not lost.
      terminal.type(paste(Self.megabyte, then: before.isEmpty ? "r" : "\u{15}seed 8\r"))
      #expect(terminal.wait(for: "seed 8"), "\(terminal.screen.text)")
      let taken = ContinuousClock.now - start
      // Half a second alone; character by character it takes minutes.
      #expect(taken < .seconds(10), "\(taken)")
      terminal.type("q")
      shell.expectEnd(status: 0)
    }
  }

  /// Keys, a mouse report and another paste in the same breath.
  @Test func whatComesBehindAPasteIsKeys() throws {
    try ShellOnPty.program { shell in
      let terminal = shell.terminal
      terminal.type(":")
      terminal.pump(milliseconds: 100)
      terminal.type(
        paste("se", then: "") + paste("ed", then: " 9") + paste("", then: "\u{1B}[D\u{1B}[C1\r")
          + Array("\u{1B}[<64;20;5Mr".utf8))
      #expect(terminal.wait(for: "seed 92"), "\(terminal.screen.text)")
      #expect(terminal.wait(for: ".51  keep .49"), "\(terminal.screen.text)")
      terminal.type("q")
      shell.expectEnd(status: 0)
    }
  }
}
