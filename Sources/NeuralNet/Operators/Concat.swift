import Masks
public import TensorCore

/// All inputs one after another along `axis`; any element type.
public struct Concat: Operator {
  public static let opType = "Concat"
  public static let role = OperatorRole.merge
  let axis: Int

  public init(_ node: NodeReader) throws(TensorError) {
    guard node.has("axis") || node.opset < 4 else {
      throw TensorError("Concat", expected: "attribute axis", found: "none")
    }
    axis = try node.int("axis", default: 1)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let all = try inputs.all()
    let shape = try concatenatedShape(all.map(\.shape), axis: axis, in: "Concat")
    guard all.allSatisfy({ $0.type == all[0].type }) else {
      throw TensorError(
        "Concat", expected: "one element type", found: "\(all.map(\.type.rawValue))")
    }
    return [ValueInfo(shape, type: all[0].type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [try Value.concatenated(try inputs.all(), axis: axis, in: "Concat")]
  }
}
