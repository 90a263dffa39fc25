import NeuralNet
@testable import Studies
import TensorCore
import TestNetworks
import Testing

/// Training without a screen, a file or a clock: what is told, and that stopping costs nothing.
@Suite struct TrainingRunTests {
  private static func run(epochs: Int = 3) throws -> TrainingRun {
    TrainingRun(
      TrainingJob(epochs: epochs, batch: 8, seed: 5, shift: 1), Bars.images,
      try Trainer(try SmallNetwork.trainable(), optimizer: SGD(), seed: 5))
  }

  private static func weights(_ run: TrainingRun) -> [String: [UInt32]] {
    run.trainer.weights.mapValues { $0.elements.map(\.bitPattern) }
  }

  @Test func whatIsToldAreBatchesAndEpochsAndAnEnd() throws {
    var (told, run) = ([] as [String], try Self.run(epochs: 2))
    try run.run(seconds: Bars.clock(), while: { true }) { event, run in
      switch event {
      case .batch: told.append("batch \(run.trainer.position)")
      case .epoch(let record): told.append("epoch \(record.epoch)")
      case .stopped: told.append("stopped")
      case .done: told.append("done")
      }
    }
    let epoch = ["batch 8", "batch 16", "batch 24"]
    #expect(told == epoch + ["epoch 1"] + epoch + ["epoch 2", "done"])
    #expect(run.records.map(\.seconds) == [3, 3] && run.records.map(\.imagesPerSecond) == [8, 8])
    #expect(run.records.map(\.step) == [3, 6])
    #expect(run.records.allSatisfy { $0.heldOutLoss?.isFinite == true })
    #expect(run.records[0].undroppedLoss == nil && run.records[1].undroppedLoss != nil)
  }

  @Test(arguments: 1..<9)
  func stoppedAfterAnyBatchItGoesOnToTheSameWeights(batches: Int) throws {
    var whole = try Self.run()
    try whole.run(seconds: Bars.clock(), while: { true }) { _, _ in }
    var (left, hasStopped, run) = (batches, false, try Self.run())
    try run.run(seconds: Bars.clock(), while: { left > 0 }) { event, _ in
      if case .batch = event { left -= 1 }
      if case .stopped = event { hasStopped = true }
    }
    #expect(hasStopped && run.records.count < 3)
    #expect(Self.weights(run) != Self.weights(whole))
    // Kept and read again, as a checkpoint is.
    var resumed = try Self.run()
    try resumed.trainer.restore(run.trainer.snapshot)
    (resumed.records, resumed.sums) = (run.records, run.sums)
    try resumed.run(seconds: Bars.clock(), while: { true }) { _, _ in }
    #expect(Self.weights(resumed) == Self.weights(whole))
    #expect(resumed.records.map(\.loss) == whole.records.map(\.loss))
    #expect(resumed.records.map(\.heldOutLoss) == whole.records.map(\.heldOutLoss))
  }

  /// Windows of a text follow each other in each of the batch's streams.
  @Test func streamsStandSideBySide() {
    #expect(Streams(count: 7, most: 2).order == [0, 3, 1, 4, 2, 5])
    #expect(Streams(count: 3, most: 8).order == [0, 1, 2])
    #expect(Streams(count: 0, most: 8).order == [])
  }

  /// A language model whose states go on and whose weights are averaged, stopped anywhere.
  @Test(arguments: [1, 4, 6])
  func aLanguageModelStoppedGoesOnToTheSameWeights(batches: Int) throws {
    let text = (0..<600).map { ["to", "be", "or", "not", ",", "to", "be"][($0 * $0 / 3) % 7] }
    let words = TextWindows.words(of: text.joined(separator: " "))
    let windows = try TextWindows(text.joined(separator: " "), words)
    let recipe = try #require(RecipeRegistry.recipe("awd-lstm-words"))
    func begun() throws -> TrainingRun {
      var plan = try TrainingPlan(recipe, seed: 2, changes: LayerChanges(vocabulary: words))
      plan.optimizer = AveragedSGD(learningRate: 30, patience: 1)
      (plan.batch, plan.epochs) = (2, 3)
      return try plan.run(
        on: TrainingSamples(windows, training: Array(0..<6), heldOutSet: windows, heldOut: [6, 7]))
    }
    var whole = try begun()
    try whole.run(seconds: Bars.clock(), while: { true }) { _, _ in }
    #expect(whole.records.count == 3 && whole.trainer.stepCount == 9)
    var (left, run) = (batches, try begun())
    try run.run(seconds: Bars.clock(), while: { left > 0 }) { event, _ in
      if case .batch = event { left -= 1 }
    }
    #expect(run.trainer.snapshot.carried.count == 4)
    var resumed = try begun()
    try resumed.trainer.restore(run.trainer.snapshot)
    (resumed.records, resumed.sums) = (run.records, run.sums)
    try resumed.run(seconds: Bars.clock(), while: { true }) { _, _ in }
    #expect(Self.weights(resumed) == Self.weights(whole))
    #expect(resumed.records.map(\.heldOutLoss) == whole.records.map(\.heldOutLoss))
    #expect(resumed.trainer.optimizer.averagesFrom == whole.trainer.optimizer.averagesFrom)
  }

  @Test func whatThrowsWhileItIsToldEndsIt() throws {
    struct Full: Error {}
    var run = try Self.run()
    #expect(throws: Full.self) {
      try run.run(seconds: Bars.clock(), while: { true }) { event, _ in
        if case .epoch = event { throw Full() }
      }
    }
    #expect(run.records.count == 1 && run.trainer.epoch == 1)
  }

  @Test func aLossThatIsNoNumberIsToldWithItsBatch() throws {
    var run = try Self.run()
    run.trainer.optimizer = SGD(learningRate: 1e30)
    #expect {
      try run.run(seconds: Bars.clock(), while: { true }) { _, _ in }
    } throws: { error in
      guard case TrainingProblem.diverged(let epoch, let what) = error else { return false }
      return epoch == 1 && (what.contains("the loss is") || what.contains("its end"))
    }
  }
}
