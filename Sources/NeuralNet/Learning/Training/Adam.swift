import Glibc
public import TensorCore

/// Adam: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − lr·m̂/(√v̂ + ε) with m̂ = m/(1−β₁ᵗ) and
/// v̂ = v/(1−β₂ᵗ): Kingma and Ba 2015 (arXiv:1412.6980), algorithm 1.
///
/// Weight decay is L2: weightDecay·w is added to the gradient of weights of two or more dimensions
/// before anything else, as in the paper's time; AdamW it is not.
public struct Adam: Optimizer {
  public static let name = "adam"
  public static let summary = "adaptive moments: lr, beta1, beta2, epsilon, l2, clip"
  public var learningRate: Double
  /// How much of the mean gradient is kept, 0 ..< 1.
  public var beta1: Double
  /// How much of the mean squared gradient is kept, 0 ..< 1.
  public var beta2: Double
  /// Keeps the quotient finite.
  public var epsilon: Double
  /// The factor of w in the gradient.
  public var weightDecay: Double
  public var clip: Double?

  /// Adam; by default with the paper's settings.
  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, clip: Double? = nil
  ) {
    (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
    (self.epsilon, self.weightDecay, self.clip) = (epsilon, weightDecay, clip)
  }

  public init(_ settings: inout OptimizerSettings) throws(TensorError) {
    learningRate = try settings.number("lr", default: 0.001)
    beta1 = try settings.number("beta1", default: 0.9, below: 1)
    beta2 = try settings.number("beta2", default: 0.999, below: 1)
    epsilon = try settings.number("epsilon", default: 1e-8)
    weightDecay = try settings.number("l2", default: 0)
    clip = try settings.clip()
  }

  public var slots: [String] { ["mean", "square"] }

  public var description: String {
    "adam,lr=\(learningRate),beta1=\(beta1),beta2=\(beta2),epsilon=\(epsilon),l2=\(weightDecay)"
      + clipText
  }

  public func update(
    _ weights: inout Tensor, gradient: Tensor, state: inout [Tensor], step: Int
  ) {
    let t = Double(step + 1)
    let update = AdamStep(
      rate: Float(learningRate / (1 - pow(beta1, t))), unbias: Float(1 / (1 - pow(beta2, t))),
      beta1: Float(beta1), rest1: Float(1 - beta1), beta2: Float(beta2), rest2: Float(1 - beta2),
      epsilon: Float(epsilon), l2: weights.shape.rank > 1 ? Float(weightDecay) : 0)
    weights.changeChunks(and: &state, with: gradient) { w, m, v, g in
      update.apply(to: w, mean: m, square: v, gradient: g)
    }
  }
}
