public import TensorCore

/// Stochastic gradient descent with momentum, Nesterov's look-ahead and Keras's time decay:
/// lr = learningRate/(1 + decay·step), v ← momentum·v − lr·g, then w ← w + v, or with Nesterov
/// w ← w + momentum·v − lr·g. Sutskever et al. 2013, eq. 1–4, in the form of Keras's `SGD`
/// (https://keras.io/api/optimizers/sgd/).
///
/// Weight decay is L2: weightDecay·w is added to the gradient of weights of two or more dimensions,
/// not to that of biases.
public struct SGD: Optimizer {
  public static let name = "sgd"
  public static let summary = "gradient descent: lr, momentum, nesterov (0 or 1), decay, l2, clip"
  public var learningRate: Double
  /// How much of the last move is kept, 0 ..< 1.
  public var momentum: Double
  /// Whether the gradient counts as if taken after the move.
  public var nesterov: Bool
  /// By how much the step size shrinks: lr/(1 + decay·step).
  public var decay: Double
  /// The factor of w in the gradient.
  public var weightDecay: Double
  public var clip: Double?

  /// Gradient descent; plain by default.
  public init(
    learningRate: Double = 0.01, momentum: Double = 0, nesterov: Bool = false, decay: Double = 0,
    weightDecay: Double = 0, clip: Double? = nil
  ) {
    (self.learningRate, self.momentum, self.nesterov) = (learningRate, momentum, nesterov)
    (self.decay, self.weightDecay, self.clip) = (decay, weightDecay, clip)
  }

  public init(_ settings: inout OptimizerSettings) throws(TensorError) {
    learningRate = try settings.number("lr", default: 0.01)
    momentum = try settings.number("momentum", default: 0, below: 1)
    nesterov = try settings.flag("nesterov")
    decay = try settings.number("decay", default: 0)
    weightDecay = try settings.number("l2", default: 0)
    clip = try settings.clip()
  }

  public var slots: [String] { momentum > 0 ? ["velocity"] : [] }

  public var description: String {
    "sgd,lr=\(learningRate),momentum=\(momentum),nesterov=\(nesterov ? 1 : 0),decay=\(decay),"
      + "l2=\(weightDecay)" + clipText
  }

  public func update(
    _ weights: inout Tensor, gradient: Tensor, state: inout [Tensor], step: Int
  ) {
    let rate = Float(learningRate / (1 + decay * Double(step)))
    let (momentum, nesterov) = (Float(momentum), nesterov)
    let l2 = weights.shape.rank > 1 ? Float(weightDecay) : 0
    guard !state.isEmpty else {
      weights.changeChunks(reading: gradient) { w, g in
        for i in w.indices { w[i] -= rate * (g[i] + l2 * w[i]) }
      }
      return
    }
    weights.changeChunks(and: &state[0], with: gradient) { w, v, g in
      for i in w.indices {
        let move = rate * (g[i] + l2 * w[i])
        v[i] = momentum * v[i] - move
        w[i] += nesterov ? momentum * v[i] - move : v[i]
      }
    }
  }
}
