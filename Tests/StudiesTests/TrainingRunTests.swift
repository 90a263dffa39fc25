import NeuralNet
import Studies
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
