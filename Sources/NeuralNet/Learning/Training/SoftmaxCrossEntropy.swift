import Glibc
public import TensorCore

/// −Σ tₖ log softmax(x)ₖ of each sample: the negative log-likelihood of its class. Its gradient is
/// (softmax(x)·Σt − t)/N: Bishop, "Pattern Recognition and Machine Learning" (2006), eq. 4.108–109.
public struct SoftmaxCrossEntropy: Loss {
  /// The loss; it has no settings.
  public init() {}
  public let name = "cross-entropy"
  public let summary = "−log of the probability softmax gives the right class"
  public let takesLogits = true

  public func evaluate(_ output: Tensor, _ targets: Targets) throws(TensorError) -> LossValue {
    try LossRegistry.checkRows(output, in: name)
    let wanted = try targets.values(in: name, shape: output.shape)
    let classes = try targets.classes(in: name, shape: output.shape)
    let (samples, columns) = (output.shape[0], output.shape[1])
    var gradient = output
    var total = 0.0
    // A few numbers a sample: double precision costs nothing here.
    for row in 0..<samples {
      let cells = row * columns..<(row + 1) * columns
      let largest = cells.reduce(-Double.infinity) { max($0, Double(output[$1])) }
      let sum = cells.reduce(0.0) { $0 + exp(Double(output[$1]) - largest) }
      let mass = cells.reduce(0.0) { $0 + Double(wanted[$1]) }
      for i in cells {
        let logit = Double(output[i]) - largest
        let target = Double(wanted[i])
        if target != 0 { total -= target * (logit - log(sum)) }
        gradient[i] = Float((exp(logit) / sum * mass - target) / Double(samples))
      }
    }
    let right = zip(output.largestInRows(), classes).count { $0 == $1 }
    return LossValue(mean: total / Double(samples), gradient: gradient, correct: right)
  }
}
