import Masks
public import TensorCore

/// y = min(max(x, low), high), float32 or int64; bounds from the attributes `min` and `max` before
/// opset 11, from inputs 1 and 2 since. NaN stays NaN.
public struct Clip: Operator {
  public static let opType = "Clip"
  public static let role = OperatorRole.activation
  private let low: Float
  private let high: Float
  private let readsInputs: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    readsInputs = node.opset >= 11
    low = try node.float("min", default: -.infinity)
    high = try node.float("max", default: .infinity)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    guard x.type == .float32 || (x.type == .int64 && readsInputs) else {
      throw TensorError(
        "Clip", expected: readsInputs ? "float32 or int64" : "float32", found: "\(x.type)")
    }
    for index in 1...2 where readsInputs {
      guard let bound = inputs.optional(index) else { continue }
      guard bound.type == x.type, bound.shape.count == 1 else {
        throw TensorError(
          "Clip", expected: "one \(x.type) for input \(index)",
          found: "\(bound.type) \(bound.shape)")
      }
    }
    return [ValueInfo(x.shape, type: x.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    if case .int64(let x) = try inputs.required(0) {
      let low = inputs.optional(1) == nil ? Int64.min : try inputs.integers(1)[0]
      let high = inputs.optional(2) == nil ? Int64.max : try inputs.integers(2)[0]
      return [.int64(x.mapChunks { Clip.fill($1, $0, low, high) })]
    }
    let x = try inputs.tensor(0)
    let low = readsInputs ? try inputs.optionalTensor(1)?[0] ?? -.infinity : low
    let high = readsInputs ? try inputs.optionalTensor(2)?[0] ?? .infinity : high
    return [.float32(x.mapChunks { Clip.fill($1, $0, low, high) })]
  }

  /// Where the bounds cross, the upper one wins.
  private static func fill<T: Comparable>(
    _ y: UnsafeMutableBufferPointer<T>, _ x: UnsafeBufferPointer<T>, _ low: T, _ high: T
  ) {
    for i in x.indices {
      let raised = x[i] < low ? low : x[i]
      y[i] = raised > high ? high : raised
    }
  }
}
