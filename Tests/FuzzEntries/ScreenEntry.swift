import Scope
import TerminalUI

extension FuzzEntry {
  /// Keys, the mouse, pastes, resizes and ticks on the screen, each drawn.
  static let screen = FuzzEntry("screen", longest: 96, share: 1) { bytes in
    var choices = ByteChoices(bytes)
    var screen = ScreenUnderTest(Int(choices.byte()))
    let themes = [
      Theme(), Theme(glyphs: .ascii, hasColor: false), Theme(ramp: .grey, depth: .ansi16),
    ]
    screen.state.theme = choices.of(themes)
    while !choices.isEmpty {
      if choices.below(16) == 0 {
        screen.perform(.tick)
      } else if let event = choices.event(on: screen.state.size),
        let action = screen.state.action(for: event)
      {
        screen.perform(action)
      }
      screen.expectSound()
    }
  }
}

extension ByteChoices {
  private static let keys: [InputEvent.NamedKey] = [
    .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .enter, .escape, .tab, .backTab,
    .backspace, .delete, .function(1), .function(12),
  ]
  private static let pastes = [
    "kind row", "rate .3", "block 3x5", "also pool=spatial,.2", "axes N,C,H,W", "write x.npy",
    "\u{1B}[31m", "漢\u{301}\u{202E}", "masks 16", "site none", "scale weight", "seed 9",
  ]

  /// An event of the terminal.
  fileprivate mutating func event(on size: ScreenSize) -> InputEvent? {
    let byte = byte()
    switch byte {
    case 32...126: return .character(Unicode.Scalar(byte))
    case 1...26: return .control(Unicode.Scalar(byte + 96))
    case 128..<160: return .key(ByteChoices.keys[Int(byte) % ByteChoices.keys.count])
    case 160..<192:
      let actions: [InputEvent.MouseAction] = [.press, .drag, .release, .wheelUp, .wheelDown]
      let (x, y) = (below(256), below(256))
      return .mouse(
        actions[Int(byte) % actions.count], x: x % max(1, size.width + 2) - 1,
        y: y % max(1, size.height + 2) - 1)
    case 192..<208: return .paste(ByteChoices.pastes[Int(byte) % ByteChoices.pastes.count])
    case 208..<224: return .paste(String(decoding: bytes(Int(byte) - 200), as: UTF8.self))
    case 224..<240: return .resize(width: below(200), height: below(60))
    case 240..<248:
      let corners = [(0, 0), (1, 1), (0, 24), (80, 0), (1, 60), (200, 1), (24, 8), (-1, -5)]
      let corner = corners[Int(byte) - 240]
      return .resize(width: corner.0, height: corner.1)
    case 248...:
      let scalars: [UInt32] = [0, 0x7F, 0xE9, 0x301, 0x202E, 0x6F22, 0x9B, 0x1F600]
      return Unicode.Scalar(scalars[Int(byte) - 248]).map { .character($0) }
    default: return nil
    }
  }
}
