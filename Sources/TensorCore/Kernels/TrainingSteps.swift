internal import CKernels

/// One step of Adam's rule (Kingma and Ba 2015, arXiv:1412.6980, algorithm 1), with its corrections for
/// the start worked in: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − rate·m/(√(unbias·v) + ε),
/// where l2·w was added to g first.
public struct AdamStep: Sendable {
  private let step: ck_adam

  /// - Parameters:
  ///   - rate: the step size over 1 − β₁ᵗ
  ///   - unbias: 1/(1 − β₂ᵗ)
  ///   - rest1: 1 − β₁
  ///   - rest2: 1 − β₂
  public init(
    rate: Float, unbias: Float, beta1: Float, rest1: Float, beta2: Float, rest2: Float,
    epsilon: Float, l2: Float
  ) {
    step = ck_adam(
      rate: rate, unbias: unbias, beta1: beta1, rest1: rest1, beta2: beta2, rest2: rest2,
      epsilon: epsilon, l2: l2)
  }

  /// Does it to weights and their moments, all of one length.
  public func apply(
    to weights: UnsafeMutableBufferPointer<Float>, mean: UnsafeMutableBufferPointer<Float>,
    square: UnsafeMutableBufferPointer<Float>, gradient: UnsafeBufferPointer<Float>
  ) {
    let count = weights.count
    precondition(mean.count == count && square.count == count && gradient.count == count)
    guard count > 0 else { return }
    withUnsafePointer(to: step) {
      ck_adam_step(
        ck_chosen(), $0, weights.baseAddress, mean.baseAddress, square.baseAddress,
        gradient.baseAddress, count)
    }
  }
}

extension Tensor {
  /// The gradient of a ReLU, in place: leaves the elements beside results above 0, or that are NaN.
  public mutating func passThroughRelu(result: Tensor) {
    changeChunks(reading: result) { g, y in
      ck_relu_gradient(ck_chosen(), g.baseAddress, y.baseAddress, g.count)
    }
  }
}

/// Takes the gradients by an LSTM's states after a step to those before, without what comes through the
/// recurrent weights, for one sample of `units` units: gates of 1/(1 + e⁻ˣ), candidate and output of tanh,
/// no peepholes. All pointers reach that far, those of gates four times: input, output and forget gate and
/// candidate.
/// - Parameters:
///   - before: the cells before the step
///   - squashed: tanh of those after it
///   - y: the gradient by the step's output
///   - hidden: that by its hidden states; 0 behind it
///   - cell: that by its cells
///   - gradient: where that by what went into the gates goes
public func lstmGradient(
  units: Int, gates: UnsafePointer<Float>, before: UnsafePointer<Float>,
  squashed: UnsafePointer<Float>, y: UnsafePointer<Float>, hidden: UnsafeMutablePointer<Float>,
  cell: UnsafeMutablePointer<Float>, to gradient: UnsafeMutablePointer<Float>
) {
  var step = ck_lstm_step(
    gates: gates, before: before, squashed: squashed, y: y, hidden: hidden, cell: cell,
    to: gradient)
  ck_lstm_gradient(ck_chosen(), &step, units)
}
