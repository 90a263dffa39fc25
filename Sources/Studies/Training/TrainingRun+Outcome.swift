import Glibc
import NeuralNet
import TensorCore

/// What a training comes to on the images held out, image by image.
extension TrainingRun {
  /// Which images held out are classified rightly, dropout off.
  /// - Returns: nil where it was told to stop.
  /// - Throws: `TrainingProblem` where a batch does not fit the network.
  public func heldOutRight(while shouldContinue: () -> Bool) throws -> [Bool]? {
    let plan = try trainer.plan(for: [trainer.trainedOutput])
    var right: [Bool] = []
    for start in stride(from: 0, to: images.heldOut.count, by: TrainingRun.evaluated) {
      guard shouldContinue() else { return nil }
      let part = Array(images.heldOut.dropFirst(start).prefix(TrainingRun.evaluated))
      try misfitting(part.count) {
        let batch = try images.batch(part, of: images.heldOutSet)
        let output = try plan.output(for: batch.inputs)
        right += zip(output.largestInRows(), images.heldOutSet.labels(part)).map { $0 == $1 }
      }
    }
    return right
  }

  /// Monte-Carlo evaluation: the outputs under so many masks averaged (probabilities, where the loss takes
  /// logits), beside the one pass without dropout. Srivastava et al. 2014, §7.5.
  /// - Returns: nil where it was told to stop.
  /// - Throws: `TrainingProblem` where a batch does not fit the network.
  public func monteCarlo(
    masks: Int, while shouldContinue: () -> Bool
  ) throws -> MonteCarloOutcome? {
    var copy = self
    try copy.setActing(true)
    let trainer = copy.trainer
    // Masks that training never drew.
    let stream = RandomStream(seed: job.seed &+ 0x9E37_79B9_7F4A_7C15)
    let plan = try trainer.plan(for: [trainer.trainedOutput], masksFrom: stream)
    var report = StepReport()
    let starts = stride(from: 0, to: images.heldOut.count, by: TrainingRun.evaluated)
    for (index, start) in starts.enumerated() {
      let part = Array(images.heldOut.dropFirst(start).prefix(TrainingRun.evaluated))
      let batch = try images.batch(part, of: images.heldOutSet)
      var sum: [Double] = []
      var shape = Shape([])
      for mask in 0..<masks {
        guard shouldContinue() else { return nil }
        try misfitting(part.count) {
          let step = UInt32(truncatingIfNeeded: index &* masks &+ mask)
          let output = try plan.run([trainer.inputName: .float32(batch.inputs)], step: step)
            .tensor(trainer.trainedOutput)
          guard let output else { return }
          let values = trainer.loss.takesLogits ? output.softmaxOfRows() : output.doubles
          shape = output.shape
          if sum.isEmpty { sum = values } else { for i in sum.indices { sum[i] += values[i] } }
        }
      }
      let means = sum.map { value in
        let mean = value / Double(max(1, masks))
        // A loss that takes logits gets the averaged probabilities back: softmax(log p) is p.
        return Float(trainer.loss.takesLogits ? log(max(mean, 1e-300)) : mean)
      }
      let found = try trainer.loss.evaluate(Tensor(shape, means), batch.targets)
      report.add(StepReport(loss: found.mean, correct: found.correct, samples: part.count))
    }
    return MonteCarloOutcome(masks: masks, loss: report.loss, accuracy: report.accuracy)
  }
}

/// What an average over masks comes to on the images held out.
public struct MonteCarloOutcome: Codable, Equatable, Sendable {
  /// How many masks were averaged.
  public var masks: Int
  /// The mean loss of the averaged outputs.
  public var loss: Double
  /// The share of images they classify rightly.
  public var accuracy: Double
}

extension Tensor {
  fileprivate var doubles: [Double] { elements.map(Double.init) }

  /// softmax of each row of `[N,K]`.
  fileprivate func softmaxOfRows() -> [Double] {
    var values = doubles
    let columns = shape.rank == 2 ? shape[1] : max(1, count)
    for start in stride(from: 0, to: count, by: columns) {
      let row = start..<start + columns
      let top = row.reduce(-Double.infinity) { max($0, values[$1]) }
      let total = row.reduce(0.0) { $0 + exp(values[$1] - top) }
      for i in row { values[i] = exp(values[i] - top) / total }
    }
    return values
  }
}
