public import TensorCore

/// Σ(yₖ − tₖ)²/K of each sample, with labels as 1 at the class and 0 elsewhere: what Keras's `mse`
/// and PyTorch's `MSELoss` average too. Its gradient is 2(y − t)/(N·K).
public struct MeanSquaredError: Loss {
  /// The loss; it has no settings.
  public init() {}
  public let name = "mse"
  public let summary = "mean squared distance to 1 at the right class and 0 elsewhere"
  public let contained: OutputFunction? = nil

  public func evaluate(_ output: Tensor, _ targets: Targets) throws(TensorError) -> LossValue {
    try output.checkIsRows(in: name)
    let wanted = try targets.values(in: name, shape: output.shape)
    let classes = try targets.classes(in: name, shape: output.shape)
    var gradient = output
    var total = 0.0
    for i in 0..<output.count {
      let distance = Double(output[i]) - Double(wanted[i])
      total += distance * distance
      gradient[i] = Float(2 * distance / Double(output.count))
    }
    let right = zip(output.largestInRows(), classes).count { $0 == $1 }
    return LossValue(
      mean: total / Double(output.count), gradient: gradient, correct: Double(right),
      count: output.shape[0])
  }
}
