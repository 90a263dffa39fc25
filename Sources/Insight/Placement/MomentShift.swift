import NeuralNet
import TensorCore

/// How training moves a layer's statistics from what evaluation sees: the variance shift of Li et al.,
/// "Understanding the disharmony between dropout and batch normalization" (2018, 1801.05134), over
/// all cells of one sample and all masks.
public struct MomentShift: Equatable, Sendable {
  /// The layer's value.
  public let value: String
  private let eval: MomentSum
  private var train = MomentSum()

  /// A layer with its value at evaluation; nil where the run has none.
  init?(_ value: String, eval run: Activations) {
    guard let tensor = run.tensor(value) else { return nil }
    self.value = value
    var moments = MomentSum()
    moments.add(tensor)
    eval = moments
  }

  mutating func add(_ run: Activations) {
    if let tensor = run.tensor(value) { train.add(tensor) }
  }

  mutating func add(_ other: MomentShift) { train.add(other.train) }

  /// Mean in training / mean at evaluation; nil where that is 0, a number is not finite
  /// or nothing was added.
  public var meanRatio: Double? { ratio(train.mean, eval.mean) }
  /// Variance in training / variance at evaluation; nil where that is 0, a number is not finite
  /// or nothing was added.
  public var varianceRatio: Double? { ratio(train.variance, eval.variance) }

  private func ratio(_ a: Double, _ b: Double) -> Double? {
    let ratio = a / b
    return ratio.isFinite && !train.isEmpty ? ratio : nil
  }
}
