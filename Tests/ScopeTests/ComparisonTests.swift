import Masks
import Scope
import Studies
import TensorCore
import TerminalUI
import Testing

@Suite struct ComparisonTests {
  private func press(_ keys: InputEvent..., on state: inout State) {
    for key in keys { if let action = state.action(for: key) { _ = state.perform([action]) } }
  }

  /// `c`, then B at another rate: A keeps .30, B gets .35.
  private func compared(seed: UInt64 = 7) throws -> State {
    var state = try Fixture.state()
    press("3", "c", on: &state)
    for _ in 0..<5 { press(">", on: &state) }
    for _ in 7..<seed { press("r", on: &state) }
    return state
  }

  @Test func bBeginsAsACopyAndKeysActOnIt() throws {
    var state = try Fixture.state()
    press("3", "c", on: &state)
    #expect(state.comparison?.side == .b)
    #expect(state.compared(.a)?.setting == state.compared(.b)?.setting)
    #expect(state.comparison?.difference?.changed == Difference.Changed(cells: 0, of: 1352))
    press("s", "r", on: &state)
    let a = try #require(state.compared(.a)?.setting)
    let b = try #require(state.compared(.b)?.setting)
    #expect(a.kind == "element" && a.seed == 7 && a.rate.p == 0.3)
    #expect(b.kind == "spatial" && b.seed == 8 && b.rate.p == 0.3)
  }

  @Test(arguments: [7, 8, 9] as [UInt64])
  func theNumbersAreThoseOfTwoObservations(seed: UInt64) throws {
    let state = try compared(seed: seed)
    let experiment = try Fixture.experiment()
    let layer = experiment.firstLayer.value
    let a = try experiment.observe(Setting(layer: layer, rate: Rate(0.3), seed: 7))
    let b = try experiment.observe(Setting(layer: layer, rate: Rate(0.35), seed: seed))
    let difference = try #require(state.comparison?.difference)
    #expect(state.compared(.a)?.observation.mask == a.mask)
    #expect(state.compared(.b)?.observation.mask == b.mask)
    var (cells, sum) = (0, 0.0)
    for i in 0..<a.dropped.count {
      if a.mask.kept[i] != b.mask.kept[i] { cells += 1 }
      sum += Double(abs(b.dropped[i] - a.dropped[i]))
      #expect(difference.values[i] == b.dropped[i] - a.dropped[i])
    }
    #expect(difference.changed == Difference.Changed(cells: cells, of: 1352))
    #expect(abs(difference.meanSize - sum / 1352) < 1e-12)
  }

  /// Going from 30 % to 35 % changes 5 % of cells where masks are coupled, 44 % where drawn anew.
  @Test func fivePercentOrFortyFour() throws {
    let difference = try #require(try compared().comparison?.difference)
    #expect(abs(try #require(difference.coupled) - 0.05) < 1e-6)
    #expect(abs(try #require(difference.anew) - 0.44) < 1e-6)
    // 1,352 cells: within four standard errors of either.
    let coupled = try #require(difference.changed?.share)
    #expect(abs(coupled - 0.05) < 4 * (0.05 * 0.95 / 1352).squareRoot())
    let anew = try #require(try compared(seed: 8).comparison?.difference?.changed?.share)
    #expect(abs(anew - 0.44) < 4 * (0.44 * 0.56 / 1352).squareRoot())
    let text = try compared().frame().text
    #expect(text.contains("coupled 5.0%") && text.contains("anew 44.0%"))
  }

  @Test func masksAtDifferentSitesHaveNoCellsInCommon() throws {
    var state = try compared()
    _ = state.perform([.openPrompt("at conv1"), .submit])
    #expect(state.comparison?.difference?.changed == nil)
    #expect(state.frame().text.contains("other site"))
  }

  @Test func tabGoesToTheOtherSideAndEndingKeepsIt() throws {
    var state = try compared()
    let (a, b) = (state.compared(.a)?.setting, state.compared(.b)?.setting)
    let difference = state.comparison?.difference?.values
    press(.key(.tab), on: &state)
    #expect(state.comparison?.side == .a)
    #expect(state.setting == a)
    #expect(state.compared(.b)?.setting == b)
    #expect(state.comparison?.difference?.values == difference)
    #expect(state.commandLine.contains("--rate 0.3 "))
    press("c", on: &state)
    #expect(state.comparison == nil)
    #expect(state.setting == a)
    press("c", "+", .key(.escape), on: &state)
    #expect(state.comparison == nil)
    #expect(state.setting.rate.p == 0.35)
  }

  @Test func undoAndRedoKnowBothSides() throws {
    var state = try Fixture.state()
    press("3", "c", "+", .key(.tab), "s", on: &state)
    let a = try #require(state.compared(.a)?.setting)
    let b = try #require(state.compared(.b)?.setting)
    #expect(a.kind == "spatial" && b.rate.p == 0.35)
    press("u", on: &state)
    #expect(state.compared(.a)?.setting.kind == "element")
    #expect(state.comparison?.side == .a)
    // The focus alone is no change: the next one back is B's rate.
    press("u", on: &state)
    #expect(state.compared(.b)?.setting.rate.p == 0.3)
    #expect(state.comparison?.side == .b)
    press("u", on: &state)
    #expect(state.comparison == nil)
    for _ in 0..<3 { press(.control("r"), on: &state) }
    #expect(state.compared(.a)?.setting == a)
    #expect(state.compared(.b)?.setting == b)
    let direct = try Fixture.experiment().observe(b)
    #expect(state.compared(.b)?.observation.mask == direct.mask)
  }

  @Test func bothSidesShowTheSameLayer() throws {
    var state = try compared()
    press("}", on: &state)
    #expect(state.compared(.a)?.setting.layer == state.compared(.b)?.setting.layer)
    #expect(state.layer.name == "relu2")
    // A side that cannot follow keeps both where they are.
    _ = state.perform([.openPrompt("kind cutout"), .submit, .openPrompt("layer conv1"), .submit])
    _ = state.perform([.openPrompt("kind weight"), .submit, .changeFocus(by: 1)])
    _ = state.perform([.changeLayer(by: 1)])
    #expect(state.layer.name == "conv1")
    #expect(state.message?.contains("weight") == true)
    #expect(state.compared(.a)?.setting.layer == state.compared(.b)?.setting.layer)
  }

  @Test func theDifferenceIsBlueBelowAndOrangeAbove() {
    #expect(DivergingRamp.color(at: -1) == DivergingRamp.negative)
    #expect(DivergingRamp.color(at: 1) == DivergingRamp.positive)
    #expect(DivergingRamp.color(at: 0) == Palette.zero)
    #expect(DivergingRamp.color(at: 1e-9) != Palette.zero)
    #expect(DivergingRamp.color(at: .nan) == Palette.notFinite)
    let glyphs = ([-1, -0.1, 0, 0.1, 1, .infinity] as [Float]).map(DivergingRamp.glyph)
    #expect(glyphs == ["=", "-", " ", "+", "#", "!"])
    let levels = (-100...100).map { DivergingRamp.level(of: Float($0) / 100)! }
    #expect(levels == levels.sorted())
    #expect(Set(levels).count == 2 * DivergingRamp.levels + 1)
  }
}
