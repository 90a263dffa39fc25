import Masks
public import TensorCore

/// A value written into the graph: `value`, `value_float`, `value_floats`, `value_int` or
/// `value_ints`.
public struct Constant: AxisFreeOperator {
  public static let opType = "Constant"
  public static let schema = OperatorSchema(
    attributes: [
      .other("sparse_value", .sparseTensor, since: 11),
      .other("value", .tensor, until: 10, required: true), .other("value", .tensor, since: 11),
      .float("value_float", since: 12), .other("value_floats", .floats, since: 12),
      .int("value_int", since: 12), .ints("value_ints", since: 12),
      .string("value_string", since: 12), .other("value_strings", .strings, since: 12),
    ], inputs: [])
  public static let typedOutputs = 0
  let value: Value

  public init(_ node: NodeReader) throws(TensorError) {
    if let tensor = try node.tensor("value") {
      value = tensor
    } else if node.has("value_float") {
      value = .float32(NDArray(scalar: try node.float("value_float", default: 0)))
    } else if let floats = try node.floats("value_floats") {
      value = .float32(NDArray([floats.count], floats))
    } else if node.has("value_int") {
      value = .int64(NDArray(scalar: Int64(try node.int("value_int", default: 0))))
    } else if let ints = try node.ints("value_ints") {
      value = .int64(NDArray([ints.count], ints.map(Int64.init)))
    } else {
      let found = node.node.attributes.keys.sorted().joined(separator: ", ")
      throw TensorError(
        "Constant", expected: "a value of numbers", found: found.isEmpty ? "none" : found)
    }
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(constant: value)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [value]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
