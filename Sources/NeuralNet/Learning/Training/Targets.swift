public import TensorCore

/// What the outputs of a batch should have been.
public enum Targets: Equatable, Sendable {
  /// The class of each sample, 0 ..< classes.
  case labels([Int])
  /// The numbers wanted, in the output's shape: `[N,K]`, `[N,C,H,W]`.
  case values(Tensor)
  /// The class of each row of an output `[N,…,K]`, as of each token of a text; −1 where nothing is asked
  /// for, as at padding.
  case tokens([Int])

  /// Whether they are those of so many samples.
  func fit(samples: Int) -> Bool {
    switch self {
    case .labels(let labels): labels.count == samples
    case .values(let values): values.shape.dims.first == samples
    case .tokens(let tokens): samples > 0 && tokens.count.isMultiple(of: samples)
    }
  }

  /// How many there are, and of what.
  var description: String {
    switch self {
    case .labels(let labels): "\(labels.count) targets"
    case .values(let values): "targets \(values.shape)"
    case .tokens(let tokens): "\(tokens.count) tokens"
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
    case .tokens: throw noTokens(operation)
    }
  }

  /// The class of each sample: its label, or where its values are largest.
  func classes(in operation: String, shape: Shape) throws(TensorError) -> [Int] {
    switch self {
    case .labels(let labels):
      try checkLabels(labels, in: operation, shape: shape)
      return labels
    case .values: return try values(in: operation, shape: shape).largestInRows()
    case .tokens: throw noTokens(operation)
    }
  }

  /// Which samples or tokens have their largest number at their class; of masks nothing is said.
  public func right(_ output: Tensor) -> [Bool] {
    let found = output.largestInRows()
    switch self {
    case .labels(let labels): return zip(found, labels).map { $0 == $1 }
    case .tokens(let tokens): return zip(found, tokens).filter { $1 >= 0 }.map { $0 == $1 }
    case .values(let values):
      guard values.shape.rank == 2 else { return [] }
      return zip(found, values.largestInRows()).map { $0 == $1 }
    }
  }

  private func noTokens(_ operation: String) -> TensorError {
    TensorError(operation, expected: "a class or numbers for each sample", found: "tokens")
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
  /// A value `[N,…]` for each of the network's inputs, in their order.
  public var inputs: [Value]
  /// What should come of them.
  public var targets: Targets

  /// A batch for a network of several inputs, or of one that is not float32.
  public init(_ inputs: [Value], _ targets: Targets) {
    (self.inputs, self.targets) = (inputs, targets)
  }

  /// A batch for a network of one input.
  public init(_ input: Tensor, _ targets: Targets) { self.init([.float32(input)], targets) }

  /// How many samples there are; nil where inputs and targets do not agree.
  var samples: Int? {
    guard let samples = inputs.first?.shape.dims.first, samples > 0, targets.fit(samples: samples),
      inputs.allSatisfy({ $0.shape.dims.first == samples })
    else { return nil }
    return samples
  }
}

extension Tensor {
  /// The column of the largest element of each row of `[…,K]`; the first of equals.
  public func largestInRows() -> [Int] {
    guard let columns = shape.dims.last, columns > 0 else { return [] }
    return withElements { x in
      stride(from: 0, to: x.count, by: columns).map { start in
        (0..<columns).reduce(0) { x[start + $1] > x[start + $0] ? $1 : $0 }
      }
    }
  }
}
