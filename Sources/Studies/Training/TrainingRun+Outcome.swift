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
        let batch = try images.heldOutSet.batch(part)
        right += batch.targets.right(try plan.output(for: batch.inputs))
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
      let batch = try images.heldOutSet.batch(part)
      var sum: [Double] = []
      var shape = Shape([])
      for mask in 0..<masks {
        guard shouldContinue() else { return nil }
        try misfitting(part.count) {
          let step = UInt32(truncatingIfNeeded: index &* masks &+ mask)
          let output = try plan.run(trainer.named(batch.inputs), step: step)
            .tensor(trainer.trainedOutput)
          guard let output else { return }
          let values = trainer.loss.probabilities(output)
          shape = output.shape
          if sum.isEmpty { sum = values } else { for i in sum.indices { sum[i] += values[i] } }
        }
      }
      let means = sum.map { value in
        let mean = value / Double(max(1, masks))
        return Float(trainer.loss.logit(mean))
      }
      let found = try trainer.loss.evaluate(Tensor(shape, means), batch.targets)
      report.add(StepReport(loss: found.mean, correct: found.correct, samples: found.count))
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

extension Loss {
  /// An output as numbers that can be averaged: probabilities, where the loss contains what makes them.
  fileprivate func probabilities(_ output: Tensor) -> [Double] {
    switch contained {
    case .softmax: output.softmaxOfRows()
    case .sigmoid: output.doubles.map { 1 / (1 + exp(-$0)) }
    case nil: output.doubles
    }
  }

  /// What the loss is given for an averaged probability: softmax(log p) is p, and so is σ(log p/(1 − p)).
  fileprivate func logit(_ p: Double) -> Double {
    switch contained {
    case .softmax: log(max(p, 1e-300))
    case .sigmoid: log(max(p, 1e-300)) - log(max(1 - p, 1e-300))
    case nil: p
    }
  }
}

extension Tensor {
  fileprivate var doubles: [Double] { elements.map(Double.init) }

  /// softmax of each row of `[…,K]`.
  fileprivate func softmaxOfRows() -> [Double] {
    var values = doubles
    let columns = max(1, shape.dims.last ?? 1)
    for start in stride(from: 0, to: count, by: columns) {
      let row = start..<start + columns
      let top = row.reduce(-Double.infinity) { max($0, values[$1]) }
      let total = row.reduce(0.0) { $0 + exp(values[$1] - top) }
      for i in row { values[i] = exp(values[i] - top) / total }
    }
    return values
  }
}
