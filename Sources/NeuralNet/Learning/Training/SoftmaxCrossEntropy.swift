import Glibc
public import TensorCore

/// −Σ tₖ log softmax(x)ₖ of each sample: the negative log-likelihood of its class. Its gradient is
/// (softmax(x)·Σt − t)/N: Bishop, "Pattern Recognition and Machine Learning" (2006), eq. 4.108–109.
public struct SoftmaxCrossEntropy: Loss {
  /// The loss; it has no settings.
  public init() {}
  public let name = "cross-entropy"
  public let summary = "−log of the probability softmax gives the right class"
  public let contained: OutputFunction? = .softmax

  public func evaluate(_ output: Tensor, _ targets: Targets) throws(TensorError) -> LossValue {
    if case .tokens(let tokens) = targets { return try evaluate(output, tokens: tokens) }
    try output.checkIsRows(in: name)
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
    return LossValue(
      mean: total / Double(samples), gradient: gradient, correct: Double(right), count: samples)
  }

  /// The mean over the rows of `[N,…,K]` whose token is not −1; the others have no gradient. There may be as
  /// many numbers as a vocabulary has words for each of thousands of tokens: these are the vector kernels.
  private func evaluate(_ output: Tensor, tokens: [Int]) throws(TensorError) -> LossValue {
    guard let columns = output.shape.dims.last, output.shape.rank > 1, output.count > 0,
      output.count / columns == tokens.count
    else {
      throw TensorError(
        name, expected: "outputs of \(tokens.count) tokens", found: "\(output.shape)")
    }
    if let row = tokens.firstIndex(where: { !(-1..<columns).contains($0) }) {
      throw TensorError(
        name, expected: "tokens from 0 to \(columns - 1), or -1 for none",
        found: "\(tokens[row]) at \(row)")
    }
    let asked = tokens.count { $0 >= 0 }
    let rows = try output.reshaped(to: [tokens.count, columns])
    let logarithms = rows.logSoftmax(along: 1)
    var gradient = rows.softmax(along: 1)
    var total = 0.0
    let share = 1 / Float(max(1, asked))
    gradient.withMutableElements { gradient in
      for (row, token) in tokens.enumerated() {
        let cells = row * columns..<(row + 1) * columns
        guard token >= 0 else {
          gradient[cells].update(repeating: 0)
          continue
        }
        total -= Double(logarithms[cells.lowerBound + token])
        gradient[cells.lowerBound + token] -= 1
        for i in cells { gradient[i] *= share }
      }
    }
    let right = zip(rows.largestInRows(), tokens).count { $0 == $1 }
    return LossValue(
      mean: total / Double(max(1, asked)), gradient: try gradient.reshaped(to: output.shape),
      correct: Double(right), count: asked)
  }
}
