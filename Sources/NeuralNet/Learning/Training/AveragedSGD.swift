public import TensorCore

/// Stochastic gradient descent w ← w − lr·g whose weights are averaged once it gets no further: from the end
/// of the first epoch on whose held-out loss is worse than the best of those more than `patience` epochs
/// before it (NT-ASGD). Polyak and Juditsky 1992; Merity et al. 2017 (arXiv:1708.02182), algorithm 1.
///
/// Weight decay is L2: weightDecay·w is added to the gradient of weights of two or more dimensions, not
/// to that of biases.
public struct AveragedSGD: Optimizer {
  public static let name = "asgd"
  public static let summary = "descent, averaged once it gets no further: lr, l2, clip, patience"
  public var learningRate: Double
  /// The factor of w in the gradient.
  public var weightDecay: Double
  public var clip: Double?
  /// How many epochs before the present one do not count as the best so far.
  public var patience: Int
  public var averagesFrom: Int?

  /// Descent that is not averaged yet.
  public init(
    learningRate: Double = 1, weightDecay: Double = 0, clip: Double? = 0.25, patience: Int = 5
  ) {
    (self.learningRate, self.weightDecay) = (learningRate, weightDecay)
    (self.clip, self.patience) = (clip, patience)
  }

  public init(_ settings: inout OptimizerSettings) throws(TensorError) {
    learningRate = try settings.number("lr", default: 1)
    weightDecay = try settings.number("l2", default: 0)
    clip = try settings.clip()
    patience = try settings.count("patience", default: 5)
  }

  public var slots: [String] { ["average"] }
  public var averages: Int? { 0 }

  public var description: String {
    "asgd,lr=\(learningRate),l2=\(weightDecay)\(clipText),patience=\(patience)"
  }

  public func shouldAverage(after heldOutLosses: [Double]) -> Bool {
    guard let last = heldOutLosses.last, let best = heldOutLosses.dropLast(patience + 1).min()
    else { return false }
    return last > best
  }

  public func update(
    _ weights: inout Tensor, gradient: Tensor, state: inout [Tensor], step: Int
  ) {
    var none: [Tensor] = []
    SGD(learningRate: learningRate, weightDecay: weightDecay)
      .update(&weights, gradient: gradient, state: &none, step: step)
    guard let averagesFrom else { return }
    let share = 1 / Float(step - averagesFrom + 1)
    state[0].changeChunks(reading: weights) { mean, w in
      for i in w.indices { mean[i] += (w[i] - mean[i]) * share }
    }
  }
}
