import Masks
import NeuralNet
import Scope
import Studies
import TensorCore
import TerminalUI
import TestNetworks
import Testing

/// What the screen says of a mask is said by the law that made it.
@Suite struct RuleObservationTests {
  static let cases = RuleRegistry.all.flatMap { rule in rule.kinds.map { (rule.name, $0) } }

  private func experiment() throws -> Experiment {
    try Experiment(
      Subject(
        network: Network(try SmallNetwork.classifier()), input: SmallNetwork.seven(),
        inputName: "seven",
        modelName: "small"))
  }

  private static let blocksOfSeven: KindSettings = {
    var settings = KindSettings()
    settings.block = BlockSize(7)
    return settings
  }()

  private func setting(
    _ experiment: Experiment, _ kind: String, rule: String?, p: Double = 0.4
  ) throws -> Setting {
    var setting = Setting(
      layer: try experiment.layer(named: "relu").value, kind: kind, rate: try Rate(p),
      kinds: Self.blocksOfSeven)
    setting.rule = rule
    return setting
  }

  /// Units, band, words and thresholds are those of the kind that the rule draws; kept and dropped
  /// agree with `dies at`, cell by cell.
  @Test(arguments: cases)
  func saidByTheRule(rule: String, kind: String) throws {
    let experiment = try experiment()
    let seen = try experiment.observe(try setting(experiment, kind, rule: rule))
    let own = try KindRegistry.make(kind, Self.blocksOfSeven)
    let drawn = try RuleRegistry.make(rule).drawnKind(for: own, of: seen.siteLayout)
    #expect(seen.field.units == (try drawn.units(of: seen.siteLayout)))
    #expect(seen.realised.units == seen.field.units.count)
    #expect(
      seen.law == (try drawn.realisedLaw(rate: Rate(clamping: 0.4), layout: seen.siteLayout)))
    #expect(seen.kind == drawn.settings(rate: Rate(clamping: 0.4), layout: seen.siteLayout))
    #expect(seen.gamma == drawn.gamma(rate: Rate(clamping: 0.4), layout: seen.siteLayout))
    // A prime step visits every row and column.
    for offset in stride(from: 0, to: seen.mask.layout.count, by: 37) {
      let dies = seen.leastRate(dropping: offset).map { $0 < 0.405 } ?? false
      #expect(seen.mask.kept[offset] != dies, "cell \(offset)")
    }
  }

  @Test func theStatusLineSpeaksForTheRule() throws {
    var state = try Fixture.state(width: 100)
    _ = state.perform([.openPrompt("block 7"), .submit])
    #expect(state.frame().text.contains("block 7×7 exact γ .0270"))
    _ = state.perform([.openPrompt("rule timm"), .submit])
    let band = state.observation.law.band
    let frame = state.frame().text
    #expect(frame.contains("block 7×7 timm γ .0172"))
    #expect(abs(band.lowerBound - 0.281) < 0.01 && abs(band.upperBound - 0.723) < 0.01)
    #expect(state.frame().row(0).contains("train timm"))
    #expect(state.summary().contains { $0.contains("by the rule of timm") })
    // The chance of each cell too: at the border timm's blocks are cut off, ours do not reach.
    let chances = try #require(state.observation.deathProbability(rate: state.setting.rate))
    let corner = 1 - (0...15).reduce(1.0) { kept, _ in kept * (1 - 0.017245) }
    #expect(abs(Double(chances[0]) - corner) < 0.001)
  }

  /// Ours refuses a block larger than the map; timm's shrinks, and the lens shows it.
  @Test func blocksThatShrink() throws {
    let experiment = try experiment()
    var large = try setting(experiment, "block", rule: nil)
    large.kinds.block = BlockSize(40)
    #expect(throws: GraphError.self) { try experiment.observe(large) }
    large.rule = "timm"
    #expect(try experiment.observe(large).kind == "block 26×26 timm γ .4000")
    var state = try State(experiment, setting: large, size: ScreenSize(width: 80, height: 24))
    _ = state.perform([.toggleRules])
    let frame = state.frame().text
    #expect(frame.contains("[1,26,26]") && frame.contains("refused"))
  }

  /// Two rates of one rule are coupled: its own chances say how many cells change.
  @Test func comparedRates() throws {
    var state = try Fixture.state()
    _ = state.perform([.openPrompt("block 7"), .submit])
    _ = state.perform([.openPrompt("rule timm"), .submit])
    _ = state.perform([.toggleComparison])
    _ = state.perform([.openPrompt("rate .3"), .submit])
    let difference = try #require(state.comparison?.difference)
    let (a, b) = (
      try #require(state.observation.deathProbability(rate: Rate(clamping: 0.5))),
      try #require(state.observation.deathProbability(rate: Rate(clamping: 0.3)))
    )
    let apart = zip(a.elements, b.elements).reduce(0) { $0 + Double(abs($1.0 - $1.1)) }
    #expect(abs(try #require(difference.coupled) - apart / Double(a.count)) < 1e-6)
  }
}
