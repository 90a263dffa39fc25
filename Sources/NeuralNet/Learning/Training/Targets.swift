public import TensorCore

/// What the outputs of a batch should have been.
public enum Targets: Equatable, Sendable {
  /// The class of each sample, 0 ..< classes.
  case labels([Int])
  /// The numbers wanted, in the output's shape `[N,K]`.
  case values(Tensor)

  /// The number of samples.
  public var count: Int {
    switch self {
    case .labels(let labels): labels.count
    case .values(let values): values.shape.dims.first ?? 0
    }
  }

  /// The targets as numbers: labels become 1 at the class and 0 elsewhere.
  func values(in operation: String, shape: Shape) throws(TensorError) -> Tensor {
    switch self {
    case .values(let values):
      guard values.shape == shape else {
        throw TensorError(operation, expected: "targets \(shape)", found: "\(values.shape)")
      }
      return values
    case .labels(let labels):
      try checkLabels(labels, in: operation, shape: shape)
      var values = Tensor(shape, repeating: 0)
      for (n, label) in labels.enumerated() { values[n * shape[1] + label] = 1 }
      return values
    }
  }

  /// The class of each sample: its label, or where its values are largest.
  func classes(in operation: String, shape: Shape) throws(TensorError) -> [Int] {
    switch self {
    case .labels(let labels):
      try checkLabels(labels, in: operation, shape: shape)
      return labels
    case .values: return try values(in: operation, shape: shape).largestInRows()
    }
  }

  private func checkLabels(
    _ labels: [Int], in operation: String, shape: Shape
  ) throws(TensorError) {
    guard shape.rank == 2, shape[0] == labels.count else {
      throw TensorError(
        operation, expected: "outputs [\(labels.count),K] for \(labels.count) labels",
        found: "\(shape)")
    }
    if let n = labels.firstIndex(where: { !(0..<shape[1]).contains($0) }) {
      throw TensorError(
        operation, expected: "labels from 0 to \(shape[1] - 1)",
        found: "\(labels[n]) for sample \(n)")
    }
  }
}

/// Samples and what the network should make of them.
public struct Batch: Sendable {
  /// `[N,…]`
  public var inputs: Tensor
  /// One for each sample.
  public var targets: Targets

  /// A batch of as many targets as samples.
  public init(_ inputs: Tensor, _ targets: Targets) {
    (self.inputs, self.targets) = (inputs, targets)
  }
}

extension Tensor {
  /// The column of the largest element of each row of `[N,K]`; the first of equals.
  public func largestInRows() -> [Int] {
    let columns = shape[1]
    return (0..<shape[0]).map { row in
      let start = row * columns
      return (0..<columns).reduce(0) { self[start + $1] > self[start + $0] ? $1 : $0 }
    }
  }
}
