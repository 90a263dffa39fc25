import Masks
import NeuralNet
import Studies
import TensorCore
import TestNetworks
import Testing

/// Races are fair: variants know nothing of each other.
@Suite struct RaceTests {
  /// The digits recipe is too large for here; a small network stands in, changed in the same way.
  static func race(
    _ variants: [(String, String)], seeds: [UInt64] = [3], epochs: Int = 2, masks: Int = 0
  ) throws -> Race {
    var job = RaceJob(
      variants: try variants.map {
        RaceVariant(name: $0.0, changes: try TrainingChanges(parsing: $0.1))
      }, seeds: seeds)
    job.masks = masks
    return Race(job) { try Bars.training($1.changes, seed: $2, epochs: epochs) }
  }

  private static func finished(_ race: Race) throws -> [[RaceOutcome]] {
    var race = race
    try race.run(seconds: { 0 }, while: { true }) { _, _ in }
    return try #require(race.results)
  }

  @Test func equalVariantsHaveEqualBits() throws {
    let found = try Self.finished(
      try Self.race([("a", "relu2=element,.4"), ("b", "relu2=element,.4"), ("c", "none")]))
    #expect(found[0][0] == found[0][1] && found[0][0] != found[0][2])
    #expect(found[0][0].records.count == 2 && found[0][0].right.count == 6)
  }

  @Test func aVariantIsTheSameBesideAnyOthers() throws {
    let beside = try Self.finished(try Self.race([("a", "own"), ("b", "none"), ("c", "l2=.1")]))
    let turned = try Self.finished(
      try Self.race([("c", "relu1=spatial,.9"), ("b", "none"), ("a", "own")]))
    #expect(beside[0][0] == turned[0][2] && beside[0][1] == turned[0][1])
    #expect(beside[0][2] != turned[0][0])
    let alone = try Self.finished(try Self.race([("b", "none")]))
    #expect(alone[0][0] == beside[0][1])
  }

  @Test func threadsChangeNothing() throws {
    let all = try [1, 3].map { threads in
      try Parallel.$threads.withValue(threads) {
        try Self.finished(try Self.race([("a", "own"), ("b", "relu1=spatial,.5")], masks: 3))
      }
    }
    #expect(all[0] == all[1])
    #expect(all[0][0][0].monteCarlo?.masks == 3)
  }

  /// Seeds are one race each: with another seed as if it had been raced alone.
  @Test func seedsFollowEachOther() throws {
    let both = try Self.finished(try Self.race([("a", "own"), ("b", "none")], seeds: [3, 4]))
    let second = try Self.finished(try Self.race([("a", "own"), ("b", "none")], seeds: [4]))
    #expect(both.count == 2 && both[1] == second[0] && both[0] != both[1])
  }

  /// Side by side: no variant is ever a batch ahead of another.
  @Test func variantsGoOnTogether() throws {
    var race = try Self.race([("a", "own"), ("b", "none"), ("c", "own")])
    var steps = [0, 0, 0]
    try race.run(seconds: { 0 }, while: { true }) { event, _ in
      guard case .batch(let variant) = event else { return }
      steps[variant] += 1
      #expect(steps.max()! - steps.min()! <= 1)
    }
    #expect(steps == [6, 6, 6])
  }

  @Test(arguments: 1..<7)
  func stoppedAnywhereItGoesOnToTheSame(batches: Int) throws {
    let whole = try Self.finished(try Self.race([("a", "dropout-epochs=2-"), ("b", "none")]))
    var (left, race) = (batches, try Self.race([("a", "dropout-epochs=2-"), ("b", "none")]))
    try race.run(seconds: { 0 }, while: { left > 0 }) { event, _ in
      if case .batch = event { left -= 1 }
    }
    #expect(race.results == nil)
    // Kept and read again, as checkpoints are.
    let (lanes, job) = (race.lanes, race.job)
    let resumed = Race(job) { variant, _, seed in
      var lane = try Bars.training(job.variants[variant].changes, seed: seed)
      try lane.trainer.restore(lanes[variant].trainer.snapshot)
      (lane.records, lane.sums) = (lanes[variant].records, lanes[variant].sums)
      return lane
    }
    #expect(try Self.finished(resumed) == whole)
  }

  /// Dropout in some epochs is dropout in those, and none in the others.
  @Test func earlyAndLateDropout() throws {
    let found = try Self.finished(
      try Self.race(
        [
          ("all", "own"), ("none", "none"), ("early", "own;dropout-epochs=1-1"),
          ("late", "own;dropout-epochs=2-"), ("always", "own;dropout-epochs=1-"),
        ]))[0]
    func losses(_ variant: Int) -> [Double] { found[variant].records.map(\.loss) }
    #expect(losses(4) == losses(0))
    #expect(losses(2)[0] == losses(0)[0] && losses(2)[1] != losses(0)[1])
    #expect(losses(3)[0] == losses(1)[0] && losses(3)[1] != losses(1)[1])
  }

  @Test func whatIsStatedIsChanged() throws {
    let graph = try SmallNetwork.trainable()
    func plan(_ text: String) throws -> TrainingPlan {
      var plan = TrainingPlan(
        name: "small", graph: graph, loss: SoftmaxCrossEntropy(), optimizer: Adam(),
        scaling: .inverted, maxNorm: nil, epochs: 1, batch: 8, seed: 1)
      try plan.apply(try TrainingChanges(parsing: text), isRecipe: false)
      return plan
    }
    for text in ["own", "l2=0.1"] {
      #expect(try plan(text).dropoutTexts == ["dropout1=element,0.25", "dropout2=element,0.5"])
    }
    for text in ["", "none", " ; "] { #expect(try plan(text).dropoutTexts == [], "\(text)") }
    #expect(try plan("dropout2=element,.125").dropoutTexts == ["dropout2=element,0.125"])
    #expect(try plan("relu1=spatial,.5").dropoutTexts == ["relu1=spatial,0.5"])
    #expect(
      try plan("own;dropout2=spatial,.5").dropoutTexts
        == ["dropout1=element,0.25", "dropout2=spatial,0.5"])
    #expect(
      try plan("rate=.75").dropoutTexts == ["dropout1=element,0.75", "dropout2=element,0.75"])
    #expect(try plan("max-norm=2;l2=.5").maxNorm == MaxNorm(2))
    #expect(try "\(plan("l2=.5").optimizer)".hasSuffix("l2=0.5"))
    for (text, wrong) in [
      ("here=element,.5", "no node here"), ("relu1=rows,.5", "found relu1=rows,.5"),
      ("relu1=element,2", "found 2"), ("max-norm=-1", "found -1"), ("width conv1=4", "recipe"),
      ("dropout-epochs=0-2", "found 0-2"), ("relu1=element,.1;relu1=element,.2", "found relu1"),
      ("dropout-epochs=3-2", "found 3-2"), ("l2=nan", "found nan"),
      ("kind relu1=spatial", "rate relu1"),
    ] {
      #expect {
        _ = try plan(text)
      } throws: { "\($0)".contains(wrong) }
    }
  }

  /// A recipe made wider keeps the rest as it was.
  @Test func widthsAndNonlinearities() throws {
    let recipe = try #require(RecipeRegistry.recipe("sigmoid-numpy"))
    let plain = try TrainingPlan(recipe, seed: 2)
    func changed(_ text: String) throws -> TrainingPlan {
      try TrainingPlan(recipe, seed: 2, try TrainingChanges(parsing: text))
    }
    let wide = try changed("own;width dense1=n/p;dropout1=element,.5")
    #expect(wide.graph.constants["dense1.weight"]?.shape == [128, 784])
    #expect(wide.graph.constants["dense2.weight"]?.shape == [10, 128])
    #expect(try changed("width dense1=7").graph.constants["dense1.weight"]?.shape == [7, 784])
    let other = try changed("activation=relu")
    #expect(other.graph.nodes.map(\.opType).contains("Relu"))
    #expect(other.graph.nodes.last?.opType == "Sigmoid")
    #expect(other.graph.constants["dense1.weight"] == plain.graph.constants["dense1.weight"])
    #expect(throws: GraphError.self) { try changed("width dense2=12") }
    #expect(throws: GraphError.self) { try changed("width conv1=12") }
    #expect(throws: TensorError.self) { try changed("width dense1=0") }
    #expect(throws: TensorError.self) { try changed("activation=swish") }
  }
}
