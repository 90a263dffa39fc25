import TensorCore

/// An upper limit on the length of the weights that lead into each unit or feature map: where they
/// are longer, they are scaled back to it after a step. Srivastava et al. 2014, §5.1.
public struct MaxNorm: Equatable, Sendable {
  /// The longest a unit's weights may be.
  public var limit: Double
  /// The parameters it holds for; nil for every layer's weights.
  public var parameters: Set<String>?

  /// A limit above 0, on all weights or those named.
  public init(_ limit: Double, on parameters: Set<String>? = nil) {
    precondition(limit > 0, "a norm of at most \(limit)")
    (self.limit, self.parameters) = (limit, parameters)
  }

  /// Shortens the weights of every unit that lies along `axis`.
  func apply(to weights: inout Tensor, unitAxis axis: Int) {
    let units = weights.shape[axis]
    let inner = weights.shape.dims[(axis + 1)...].reduce(1, *)
    guard weights.count > 0 else { return }
    let outer = weights.count / (units * inner)
    let limit = limit
    weights.withMutableElements { w in
      nonisolated(unsafe) let w = w
      Parallel.run(tasks: units, threads: w.count < 1 << 16 ? 1 : Parallel.threads) { unit in
        var square = 0.0
        for o in 0..<outer {
          let start = (o * units + unit) * inner
          for i in start..<start + inner { square += Double(w[i]) * Double(w[i]) }
        }
        guard square > limit * limit else { return }
        let factor = Float(limit / square.squareRoot())
        for o in 0..<outer {
          let start = (o * units + unit) * inner
          for i in start..<start + inner { w[i] *= factor }
        }
      }
    }
  }
}
