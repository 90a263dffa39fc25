import Foundation
import TensorCore
import Testing
import TestSupport

/// Anything a keyboard, a mouse, a paste or a cat on the keyboard can send.
@Suite struct RandomBytesTests {
  /// Pieces that are typed at once; none quits: no q, no Ctrl-C, Ctrl-\ or Ctrl-Z.
  private static let pieces: [[UInt8]] = {
    let plain = (0x20..<0x7F).filter { $0 != UInt8(ascii: "q") }.map { [UInt8($0)] }
    let control = (0..<0x20).filter { ![3, 26, 27, 28].contains($0) }.map { [UInt8($0)] }
    let sequences = [
      "\u{1B}", "\u{1B}\u{1B}", "\u{1B}[A", "\u{1B}OB", "\u{1B}[1;5C", "\u{1B}[D", "\u{1B}[5~",
      "\u{1B}[6~", "\u{1B}OP", "\u{1B}[15~", "\u{1B}[Z", "\u{1B}[H", "\u{1B}[3~", "\u{1B}x",
      "\u{1B}[", "\u{1B}[?62;22c", "\u{1B}[999999999999999999999;1H", "\u{1B}]0;title\u{7}",
      "\u{1B}[<", "\u{1B}[<0;10;10m", "\u{1B}[<99;0;0M", "\u{1B}[<0;99999;-1M", "\u{1B}[<35;1;1M",
      "\u{1B}[<64;20;5M", "\u{1B}[<65;20;5M", "\u{1B}[<;;M",
      "\u{1B}[200~pasted\rtext é▀\u{1}\u{1B}[A\u{1B}[201~", "\u{1B}[200~\u{1B}[201~", "\u{1B}[201~",
      "é", "▀", "漢", "🙂", "e\u{301}", "\u{200B}",
    ].map { Array($0.utf8) }
    let broken: [[UInt8]] = [[0xFF], [0xC3], [0xE2, 0x96], [0x80], [0xF0, 0x9F], [0x9B, 0x41]]
    let lines = [
      ":rate .35\r", ":kind block\r", ":kind manual\r", ":kind nothing\r", ":block 3x5\r",
      ":channel 1\r", ":seed 18446744073709551615\r", ":layer relu1\r", ":at conv1\r", ":at\r",
      ":rule torch\r", ":rule own\r", ":scale weight\r", ":mode eval\r", ":save mask.npy\r",
      ":save /nonexistent/mask.csv\r", ":\r", ": \r", ":\u{1B}",
    ].map { Array($0.utf8) }
    return plain + plain + control + sequences + sequences + broken + lines
  }()

  @Test(arguments: [1, 2] as [UInt64])
  func nothingBreaksTheProgram(seed: UInt64) throws {
    // A press on "q quit", or that line of the palette, ends it as it should.
    try ShellOnPty.programAgain { shell in
      let terminal = shell.terminal
      let random = RandomStream(seed: seed)
      for step in 0..<2000 {
        let word = Int(random.word(at: 2 * step))
        if step % 40 == 39 {
          terminal.resize(width: 1 + word % 200, height: 1 + word / 200 % 60)
        } else if word % 8 == 0 {
          // A press, a drag or a release somewhere.
          let button = [0, 0, 32, 2, 16][word / 8 % 5]
          let (x, y) = (word / 40 % 100 + 1, word / 4000 % 40 + 1)
          terminal.type("\u{1B}[<\(button);\(x);\(y)\(word % 3 == 0 ? "m" : "M")")
        } else {
          let index = Int(random.word(at: 2 * step + 1))
          terminal.type(Self.pieces[index % Self.pieces.count])
        }
        if step % 16 == 0 { terminal.pump(milliseconds: 1) }
        if step % 100 == 0 {
          try #require(!terminal.screen.text.contains("status="), "after \(step) keys")
        }
      }
      // A sequence cut in the middle holds the keys behind it for a moment.
      terminal.pump(milliseconds: 1200)
      terminal.resize(width: 80, height: 24)
      terminal.type("\u{1B}")
      terminal.pump(milliseconds: 200)
      terminal.type("\u{1B}")
      terminal.pump(milliseconds: 200)
      terminal.type("?")
      #expect(terminal.wait(seconds: 60, for: "rate up and down"), "\(terminal.screen.text)")
      #expect(terminal.screen.unknown == [])
      _ = try shell.folder.write("", "over")
      terminal.type("q")
      shell.expectEnd(status: 0, seconds: 60)
    }
  }
}
