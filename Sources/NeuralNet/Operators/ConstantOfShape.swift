import Masks
public import TensorCore

/// An array of the shape input 0 lists, every element the one of attribute `value` (float32 0 without).
public struct ConstantOfShape: AxisFreeOperator {
  public static let opType = "ConstantOfShape"
  public static let schema = OperatorSchema(
    since: 9, attributes: [.other("value", .tensor, since: 9)], inputs: [.init(.int64)])
  public static let typedOutputs = 0
  private let value: Value

  public init(_ node: NodeReader) throws(TensorError) {
    value = try node.tensor("value") ?? .float32(Tensor([1], [0]))
    guard value.shape.count == 1 else {
      throw TensorError("ConstantOfShape", expected: "one number", found: "\(value.shape)")
    }
  }

  private func shape(_ sizes: [Int]) throws(TensorError) -> Shape {
    guard sizes.allSatisfy({ $0 >= 0 }) else {
      throw TensorError("ConstantOfShape", expected: "sizes of 0 or more", found: "\(sizes)")
    }
    return try Shape(computed: sizes, in: "ConstantOfShape")
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try shape(try inputs.integers(0)), type: value.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let shape = try shape(try inputs.described.integers(0))
    switch value.computed {
    case .float32(let x):
      return [try Value(.float32(NDArray(shape, repeating: x[0])), as: value.type)]
    case .int64(let x): return [try Value(.int64(NDArray(shape, repeating: x[0])), as: value.type)]
    case .bool(let x): return [.bool(NDArray(shape, repeating: x[0]))]
    default:
      throw TensorError("ConstantOfShape", expected: "a number", found: value.type.rawValue)
    }
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
