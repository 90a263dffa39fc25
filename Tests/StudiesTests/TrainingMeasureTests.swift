import Insight
import Masks
import NeuralNet
import Studies
import TensorCore
import TestNetworks
import Testing

/// What an epoch measures beside its loss.
@Suite struct TrainingMeasureTests {
  private static func run(
    _ measures: TrainingMeasures, maxNorm: MaxNorm? = nil
  ) throws -> TrainingRun {
    var run = TrainingRun(
      TrainingJob(epochs: 2, batch: 8, seed: 5, measures: measures), Bars.images,
      try Trainer(
        try SmallNetwork.trainable(), optimizer: SGD(learningRate: 0.1), maxNorm: maxNorm, seed: 5))
    try run.run(seconds: Bars.clock(), while: { true }) { _, _ in }
    return run
  }

  /// What is measured changes no weight and no loss.
  @Test func measuringChangesNothing() throws {
    let plain = try Self.run(TrainingMeasures())
    let measured = try Self.run(TrainingMeasures(clean: true, layers: true))
    #expect(plain.trainer.weights == measured.trainer.weights)
    #expect(plain.records.map(\.heldOutLoss) == measured.records.map(\.heldOutLoss))
    #expect(plain.records[0].undroppedLoss == nil && plain.records[0].layers == nil)
    #expect(measured.records.allSatisfy { $0.undroppedLoss != nil && $0.layers?.count == 2 })
    #expect(plain.records[1].undroppedLoss == measured.records[1].undroppedLoss)
  }

  /// What batch normalisations read varies more with dropout before them than without: by the formula where
  /// it acts on those very values, and not at all where nothing is dropped.
  @Test func batchNormalisationsSeeAnotherVariance() throws {
    func shifts(rate: Float, _ placements: [Placement] = []) throws -> [ShiftRecord]? {
      var net = GraphBuilder("normalised", input: [1, 8, 8], seed: 2)
      net.conv(4, 3)
      net.relu()
      net.dropout(rate)
      net.batchNorm()
      net.flatten()
      net.dense(8)
      net.batchNorm()
      net.relu()
      net.dense(3)
      var run = TrainingRun(
        TrainingJob(epochs: 1, batch: 8, seed: 5, measures: TrainingMeasures(layers: true)),
        Bars.images,
        try Trainer(
          try net.graph(), optimizer: SGD(learningRate: 0.1), placements: placements,
          batchNormalization: .batch, seed: 5))
      try run.run(seconds: Bars.clock(), while: { true }) { _, _ in }
      return run.records.last?.shifts
    }
    let own = try #require(try shifts(rate: 0.5))
    #expect(own.map(\.layer) == ["bn1", "bn2"])
    let expected = try #require(own[0].expected)
    #expect(expected > 1.5 && abs(own[0].measured - expected) < 0.2 * expected, "\(own)")
    #expect(own[1].expected == nil && own[1].measured > 1)
    #expect(try shifts(rate: 0) == nil)
    let placed = try #require(
      try shifts(
        rate: 0,
        [Placement(site: "relu1", dropout: Dropout(ElementDropout(), rate: Rate(0.5)), seed: 5)]))
    // The site lies before the node of rate 0, so that the formula is not asked for.
    #expect(placed[0].expected == nil && placed[0].measured > 1.5)
    // A batch normalisation alone, or a dropout alone.
    #expect(try Self.run(TrainingMeasures(layers: true)).records.last?.shifts == nil)
  }

  /// The layers are the network's as it stands, dropout off, on the images held out.
  @Test func layersAreThoseOfTheNetworkAtRest() throws {
    let run = try Self.run(TrainingMeasures(layers: true))
    let graph = try run.trainer.graph
    let x = Bars().images(Array(24..<30))
    let clean = try Network(graph).run(["input": .float32(x)])
    let layers = try #require(run.records.last?.layers)
    #expect(layers.map(\.layer) == ["relu1", "relu2"] && layers.map(\.units) == [4, 8])
    for layer in layers {
      let wanted = UnitActivity(try #require(clean.tensor(layer.layer)))
      #expect(layer.zeros == wanted.zeros && layer.dead == wanted.dead)
      #expect(layer.mean == wanted.mean && layer.constant == wanted.constant)
      #expect(layer.correlation == wanted.correlation)
      #expect(layer.zeros > 0 && layer.zeros < 1)
    }
  }

  @Test func weightsAreMeasuredAgainstTheirBound() throws {
    let free = try #require(try Self.run(TrainingMeasures(layers: true)).records.last?.weights)
    #expect(free.map(\.parameter) == ["conv1.weight", "dense1.weight", "dense2.weight"])
    #expect(free.allSatisfy { $0.limit == nil && $0.atLimit == nil && $0.largest >= $0.mean })
    let bound = free.map(\.mean).min()! / 2
    let held = try #require(
      try Self.run(TrainingMeasures(layers: true), maxNorm: MaxNorm(bound)).records.last?.weights)
    #expect(held.allSatisfy { $0.limit == bound && $0.largest <= bound * (1 + 1e-6) })
    #expect(held.contains { $0.atLimit! > 0 }, "\(held)")
  }

  /// Masks average out to a plan of their own: without a stream there are none.
  @Test func aPlanDropsWhereItIsToldTo() throws {
    let run = try Self.run(TrainingMeasures())
    let x = Bars().images([0, 1, 2])
    let still = try run.trainer.plan(for: ["dense2"])
    let stream = RandomStream(seed: 1)
    let dropping = try run.trainer.plan(for: ["dense2"], masksFrom: stream)
    let input = run.trainer.named([.float32(x)])
    #expect(try still.run(input).tensor("dense2") == still.run(input, step: 4).tensor("dense2"))
    let a = try dropping.run(input, step: 1).tensor("dense2")
    #expect(try a == dropping.run(input, step: 1).tensor("dense2"))
    #expect(try a != dropping.run(input, step: 2).tensor("dense2"))
    #expect(try a != still.run(input).tensor("dense2"))
  }

  /// Where only the last epoch counts, the others cost nothing and the last is the same.
  @Test func theLastEpochAlone() throws {
    let all = try Self.run(TrainingMeasures(clean: true, layers: true))
    let last = try Self.run(TrainingMeasures(clean: true, layers: true, lastOnly: true))
    #expect(last.records[0].heldOutLoss == nil && last.records[0].layers == nil)
    #expect(last.records[1].heldOutLoss == all.records[1].heldOutLoss)
    #expect(last.records[1].layers == all.records[1].layers)
    #expect(last.records[1].undroppedLoss == all.records[1].undroppedLoss)
  }

  /// Without dropout every mask is the same, and their average what evaluation says; with dropout more
  /// masks come nearer to each other, and the same ones are drawn again.
  @Test func averagesOverMasks() throws {
    func trained(_ rate: Float) throws -> TrainingRun {
      var run = TrainingRun(
        TrainingJob(epochs: 2, batch: 8, seed: 5), Bars.images,
        try Trainer(
          try SmallNetwork.trainable(rate: rate), optimizer: SGD(learningRate: 0.1), seed: 5))
      try run.run(seconds: Bars.clock(), while: { true }) { _, _ in }
      return run
    }
    var still = TrainingRun(
      TrainingJob(epochs: 2, batch: 8, seed: 5), Bars.images,
      try Trainer(
        try SmallNetwork.trainable(rate: 0).edited { edit throws(GraphError) in
          try edit.setRate(Rate(clamping: 0), at: "dropout2")
        }, optimizer: SGD(learningRate: 0.1), seed: 5))
    try still.run(seconds: Bars.clock(), while: { true }) { _, _ in }
    let evaluated = try #require(still.records.last)
    let average = try #require(try still.monteCarlo(masks: 3) { true })
    #expect(abs(average.loss - evaluated.heldOutLoss!) < 1e-5)
    #expect(average.accuracy == evaluated.heldOutAccuracy)
    #expect(try still.heldOutRight { true }?.count { $0 } == Int(average.accuracy * 6 + 0.5))

    let run = try trained(0.25)
    func loss(_ masks: Int) throws -> Double {
      try #require(try run.monteCarlo(masks: masks) { true }).loss
    }
    #expect(try loss(4) == loss(4) && loss(4) != loss(5))
    #expect(try abs(loss(200) - loss(400)) < 0.05)
    #expect(try run.monteCarlo(masks: 4) { false } == nil && run.heldOutRight { false } == nil)
  }
}
