import Masks
public import TensorCore

/// The places of all elements other than 0, in row-major order: int64 [rank, count]. How many there are
/// only a run can tell.
public struct NonZero: AxisFreeOperator {
  public static let opType = "NonZero"
  public static let schema = OperatorSchema(
    since: 9,
    inputs: [.init([9: .firstTypes, 13: .all])])
  public static let typedOutputs = 0
  public init(_ node: NodeReader) {}

  private func offsets(_ x: Value) throws(TensorError) -> [Int] {
    switch x.computed {
    case .float32(let x): return (0..<x.count).filter { x[$0] != 0 }
    case .int64(let x): return (0..<x.count).filter { x[$0] != 0 }
    case .bool(let x): return (0..<x.count).filter { x[$0] }
    default: throw TensorError("NonZero", expected: "numbers", found: "\(x.type)")
    }
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    guard let constant = x.constant else {
      throw TensorError(
        "NonZero", expected: "input 0 to be a constant", found: "a value only a run can tell")
    }
    return [ValueInfo([x.shape.rank, try offsets(constant).count], type: .int64)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try inputs.required(0)
    let offsets = try offsets(x)
    let shape = try outputs(for: inputs.described)[0].shape
    let strides = x.shape.strides
    var places: [Int64] = []
    for axis in 0..<shape[0] {
      places += offsets.map { Int64($0 / strides[axis] % x.shape[axis]) }
    }
    return [.int64(NDArray(shape, places))]
  }

  /// At most a place along each axis for each element.
  public func price(_ inputs: Inputs<Value>) -> Price {
    let shape = inputs.optional(0)?.shape ?? []
    return Price(
      bytes: shape.bytes(of: MemoryLayout<Int64>.stride).saturatingMultiplied(by: shape.rank + 1))
  }

  /// Places have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
