import Masks
import Scope
import TensorCore
import TerminalUI
import Testing

/// Whatever is pressed, wherever the mouse is and however the screen is sized: the state stays sound
/// and every frame is drawn.
@Suite struct RandomKeysTests {
  private static let keys: [InputEvent] =
    (32...126).map { .character(Unicode.Scalar(UInt8($0))) }
    + [
      .key(.up), .key(.down), .key(.left), .key(.right), .key(.enter), .key(.escape),
      .key(.backspace), .key(.tab), .key(.backTab), .key(.pageUp), .key(.pageDown),
      .key(.function(1)),
      .control("r"), .control("h"), .paste("block 3\nkind row"), .character("é"),
    ]

  @Test(arguments: [1, 2, 3] as [UInt64])
  func nothingBreaks(seed: UInt64) throws {
    let stream = RandomStream(seed: seed)
    var state = try Fixture.state()
    for step in 0..<1500 {
      let (a, b) = (Int(stream.word(at: 3 * step)), Int(stream.word(at: 3 * step + 1)))
      let event: InputEvent
      switch a % 20 {
      case 0: event = .resize(width: b % 210, height: b / 210 % 70)
      case 1:
        event = .mouse(
          [.press, .drag, .wheelUp, .wheelDown][b % 4], x: b / 4 % 90, y: b / 360 % 30)
      default: event = Self.keys[b % Self.keys.count]
      }
      guard let action = state.action(for: event), action != .quit else { continue }
      _ = state.perform([action])
      if a % 7 == 0 { _ = state.perform([.tick]) }
      let frame = state.frame()
      #expect(frame.width == state.size.width && frame.height == state.size.height)
      #expect((0...1).contains(state.setting.rate.p))
      #expect((0..<state.channels).contains(state.channel))
      #expect(state.comparison == nil || state.comparison?.other.layer == state.setting.layer)
      #expect(state.plane.offset(y: state.cursor.row, x: state.cursor.column) != nil)
    }
  }
}
