import Masks
import NeuralNet
import Scope
import Studies
import TensorCore
import TerminalUI
import Testing

@Suite struct GridTests {
  /// `count` maps of 8×8, the first all zero.
  private func state(_ count: Int, width: Int = 80, height: Int = 24, theme: Theme = Theme())
    throws -> State
  {
    let maps = Tensor([1, count, 8, 8]) { cells in
      for i in 0..<cells.count { cells[i] = i < 64 ? 0 : Float(i % 7) }
    }
    let experiment = try Experiment(Subject(activations: maps, inputName: "maps"))
    let setting = Setting(layer: experiment.firstLayer.value, kind: "spatial")
    return try State(
      experiment, setting: setting, size: ScreenSize(width: width, height: height), theme: theme)
  }

  private func press(_ keys: InputEvent..., on state: inout State) {
    for key in keys { if let action = state.action(for: key) { _ = state.perform([action]) } }
  }

  @Test func theTitleCountsMapsDroppedWhole() throws {
    var state = try state(24)
    press("g", on: &state)
    let mask = state.observation.mask
    let dropped = (0..<24).filter { mask.dropped(c: $0) == 64 }
    #expect((1..<24).contains(dropped.count))
    let text = state.frame().text
    #expect(text.contains("spatial p .50  \(dropped.count)/24 maps dropped"))
    for channel in 0..<24 {
      #expect(text.contains(" \(channel) ×") == dropped.contains(channel) || channel == 0)
    }
    press("+", "r", on: &state)
    let now = (0..<24).filter { state.observation.mask.dropped(c: $0) == 64 }.count
    #expect(state.frame().text.contains("spatial p .55  \(now)/24 maps dropped"))
    press("s", on: &state)
    #expect(state.frame().text.contains("element p .55  0/24 maps dropped"))
  }

  /// A dropped map looks like no kept one, even where all of it was zero.
  @Test(arguments: [Theme(), Theme(glyphs: .ascii, hasColor: false)])
  func droppedMapsAreStruckOut(theme: Theme) throws {
    var state = try state(2, theme: theme)
    func inks() -> Set<Cell> {
      let frame = state.frame()
      // The first thumbnail is below the border and its label, from column 2 on.
      return Set((2..<6).flatMap { y in (2..<8).map { x in frame[x, y] } })
    }
    press("g", "0", on: &state)
    let kept = inks()
    _ = state.perform([.setRate(hundredths: 100)])
    #expect(kept.isDisjoint(with: inks()))
  }

  @Test func arrowsMoveAndEnterTakesTheChannel() throws {
    var state = try state(24)
    press("n", "g", on: &state)
    #expect(state.overlay == .grid(selected: 1))
    press(.key(.right), on: &state)
    #expect(state.overlay == .grid(selected: 2))
    press("h", "h", "h", on: &state)
    #expect(state.overlay == .grid(selected: 0))
    press("j", on: &state)
    guard case .grid(let below) = state.overlay else { return }
    #expect(below > 1)
    press("k", on: &state)
    #expect(state.overlay == .grid(selected: 0))
    press("l", .key(.pageDown), .key(.enter), on: &state)
    #expect(state.overlay == nil)
    #expect(state.channel == 11)
    press("g", "G", "g", on: &state)
    #expect(state.overlay == .grid(selected: 0))
    press("l", .key(.escape), on: &state)
    #expect(state.channel == 11)
    #expect(state.overlay == nil)
  }

  @Test func moreThanFitScrollAndSaySo() throws {
    var state = try state(200)
    press("g", on: &state)
    #expect(state.frame().text.contains("▾ channels 0-"))
    #expect(state.frame().text.contains("of 200"))
    for _ in 0..<20 { press(.key(.pageDown), on: &state) }
    #expect(state.overlay == .grid(selected: 199))
    #expect(state.frame().text.contains("▴"))
    #expect(state.frame().text.contains("-199 of 200"))
    #expect(state.frame().text.contains("199 "))
  }

  @Test func aDenseLayerHasUnits() throws {
    let experiment = try Experiment(
      Subject(activations: Tensor([1, 12], (0..<12).map(Float.init)), inputName: "units"))
    var state = try State(
      experiment, setting: Setting(layer: experiment.firstLayer.value),
      size: ScreenSize(width: 80, height: 24))
    press("g", on: &state)
    let dropped = state.observation.mask.dropped
    #expect(state.frame().text.contains("\(dropped)/12 units dropped"))
  }
}
