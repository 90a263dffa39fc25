/// What came of samples: of one step, or summed over many.
public struct StepReport: Equatable, Sendable {
  /// The mean loss over the samples.
  public var loss: Double
  /// How many were right: see `LossValue.correct`.
  public var correct: Double
  /// How many there were: samples, or tokens.
  public var samples: Int

  /// A report; by default of nothing yet.
  public init(loss: Double = 0, correct: Double = 0, samples: Int = 0) {
    (self.loss, self.correct, self.samples) = (loss, correct, samples)
  }

  /// The share of samples that were right, 0 … 1; 0 where there were none.
  public var accuracy: Double { samples == 0 ? 0 : correct / Double(samples) }

  /// Takes another report in: the loss becomes the mean over the samples of both.
  public mutating func add(_ other: StepReport) {
    let total = samples + other.samples
    guard total > 0 else { return }
    loss = (loss * Double(samples) + other.loss * Double(other.samples)) / Double(total)
    correct += other.correct
    samples = total
  }
}
