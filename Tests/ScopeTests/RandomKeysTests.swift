import Foundation
import Masks
import Scope
import Studies
import TensorCore
import TerminalUI
import Testing

/// Whatever is pressed, wherever the mouse is and however the screen is sized: the state stays sound
/// and every frame is drawn. 10,000 keys and 500 resizes in all.
@Suite struct RandomKeysTests {
  private static let keys: [InputEvent] =
    (32...126).map { .character(Unicode.Scalar(UInt8($0))) }
    + [
      .key(.up), .key(.down), .key(.left), .key(.right), .key(.enter), .key(.escape),
      .key(.backspace), .key(.tab), .key(.backTab), .key(.home), .key(.end), .key(.delete),
      .key(.pageUp), .key(.pageDown), .key(.function(1)), .key(.function(12)),
      .control("r"), .control("h"), .paste("block 3\nkind row"), .paste(""), .character("é"),
      .character("漢"), .character("\u{0}"), .key(.escape), .key(.escape), .key(.enter),
    ]

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func nothingBreaks(seed: UInt64) throws {
    var random = Words(seed: seed)
    var theme = Theme()
    if seed % 2 == 0 { theme = Theme(glyphs: .ascii, hasColor: false) }
    var state = try Fixture.state(theme: theme)
    var keys = 2000
    for resizes in (1...100).reversed() {
      let size = randomSize(&random)
      perform(.resize(width: size.width, height: size.height), on: &state, "seed \(seed)")
      // Large screens are dear to draw in a debug build, and are left after a few keys.
      let share = size.width * size.height > 4000 ? 4 : keys / resizes
      let count = resizes == 1 ? keys : share
      keys -= count
      for _ in 0..<count {
        perform(randomKey(&random, size), on: &state, "seed \(seed), \(keys) keys left")
        if random.below(7) == 0 { _ = state.perform([.tick]) }
      }
    }
  }

  /// What each page is opened by.
  private static let pages: [[Action]] = [
    [], [.toggleSpectrum], [.toggleGrid], [.togglePage(.network)], [.togglePage(.effect)],
    [.togglePage(.placement)],
    [.togglePage(.samples)], [.toggleRules], [.openInspector], [.openLayers], [.toggleHelp],
    [.toggleComparison],
  ]

  /// Keys and reports of the mouse on every page at three sizes, with a resize every hundred that the
  /// next keys undo; each hundred begins on the page. DROPSCOPE_KEYS says how many for each (10000 takes
  /// a quarter of an hour).
  @Test(arguments: pages.indices, [(80, 24), (120, 40), (40, 12)])
  func nothingBreaksOnAnyPage(page: Int, size: (width: Int, height: Int)) throws {
    var random = Words(seed: UInt64(page * 1000 + size.width))
    let count = ProcessInfo.processInfo.environment["DROPSCOPE_KEYS"].flatMap { Int($0) } ?? 50
    let whole = ScreenSize(width: size.width, height: size.height)
    var state = try Fixture.state(width: size.width, height: size.height)
    for key in 0..<count {
      let place = "page \(page), \(size), key \(key)"
      if key % 100 == 0 {
        let other = randomSize(&random)
        perform(.resize(width: other.width, height: other.height), on: &state, place)
        perform(.resize(width: size.width, height: size.height), on: &state, place)
        for _ in 0..<9 { _ = state.perform([.closeTop]) }
        _ = state.perform(Self.pages[page])
        expectSound(state, place)
      }
      perform(randomKey(&random, whole), on: &state, place)
      if random.below(7) == 0 { _ = state.perform([.tick]) }
    }
  }

  private func perform(_ event: InputEvent, on state: inout State, _ place: String) {
    if let action = state.action(for: event), action != .quit { _ = state.perform([action]) }
    expectSound(state, "\(event), \(place)")
  }

  /// A key, or one time in 14 something from the mouse.
  private func randomKey(_ random: inout Words, _ size: ScreenSize) -> InputEvent {
    guard random.below(14) == 0 else { return Self.keys[random.below(Self.keys.count)] }
    return .mouse(
      [.press, .drag, .release, .wheelUp, .wheelDown][random.below(5)],
      x: random.below(size.width + 3), y: random.below(size.height + 3))
  }

  /// Half are small, where panels drop out; a third are those of terminals; a tenth are anything up to
  /// 500×200, dear to draw; the rest are the corners.
  private func randomSize(_ random: inout Words) -> ScreenSize {
    let corners = [(0, 0), (1, 1), (0, 24), (80, 0), (1, 200), (500, 1), (500, 200)]
    switch random.below(100) {
    case 0..<50: return ScreenSize(width: random.below(60), height: random.below(20))
    case 50..<84: return ScreenSize(width: 60 + random.below(81), height: 16 + random.below(30))
    case 84..<94: return ScreenSize(width: random.below(501), height: random.below(201))
    default:
      let corner = corners[random.below(corners.count)]
      return ScreenSize(width: corner.0, height: corner.1)
    }
  }

  private func expectSound(_ state: State, _ place: @autoclosure () -> String) {
    let frame = state.frame()
    #expect(frame.width == state.size.width && frame.height == state.size.height, "\(place())")
    #expect((0...1).contains(state.setting.rate.p), "\(place())")
    #expect((0..<state.channels).contains(state.channel), "\(place())")
    #expect(
      state.plane.offset(y: state.cursor.row, x: state.cursor.column) != nil, "\(place())")
    #expect(
      state.comparison == nil || state.comparison?.other.layer == state.setting.layer, "\(place())")
    switch state.overlay {
    case .layers(let mark):
      #expect(state.experiment.layers.indices.contains(mark.row), "\(place())")
    case .inspector(let scroll): #expect(scroll >= 0, "\(place())")
    default: break
    }
  }
}

/// Numbers below a limit, one after another.
private struct Words {
  private let stream: RandomStream
  private var next = 0

  init(seed: UInt64) { stream = RandomStream(seed: seed) }

  mutating func below(_ limit: Int) -> Int {
    next += 1
    return Int(stream.word(at: next - 1)) % limit
  }
}
