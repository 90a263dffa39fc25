import Masks
public import TensorCore

/// A `UnaryOperator` that takes whole numbers as well.
public protocol NumberOperator: UnaryOperator {
  /// What becomes of one whole number, which wraps around to its type afterwards.
  static func apply(_ x: Int64) -> Int64
  /// What becomes of a uint64 that no int64 is, as its bits.
  static func apply(beyondSigned x: Int64) -> Int64
}

extension NumberOperator {
  /// It stays.
  public static func apply(beyondSigned x: Int64) -> Int64 { x }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    guard x.type == .float32 || x.type == .int64 else {
      throw TensorError(Self.opType, expected: "numbers for input 0", found: "\(x.type)")
    }
    return [ValueInfo(x.shape, type: x.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    if case .int64(let x) = try inputs.required(0) {
      let isUnsigned = context.integers == .uint64
      return [
        .int64(
          x.mapChunks { x, y in
            for i in x.indices {
              y[i] = isUnsigned && x[i] < 0 ? Self.apply(beyondSigned: x[i]) : Self.apply(x[i])
            }
          })
      ]
    }
    let y = try inputs.tensor(0).mapChunks { x, y in
      for i in x.indices { y[i] = Self.apply(x[i]) }
    }
    return [.float32(y)]
  }

}
