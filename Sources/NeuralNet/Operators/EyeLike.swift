import Masks
public import TensorCore

/// A matrix of the shape of x with 1 along a diagonal, `k` to the right of the main one, and 0 elsewhere;
/// of the type `dtype`, a number of ONNX's TensorProto.DataType, or x's own.
public struct EyeLike: AxisFreeOperator {
  public static let opType = "EyeLike"
  public static let schema = OperatorSchema(
    since: 9,
    attributes: [
      .int("dtype", since: 9),
      .int("k", since: 9),
    ],
    inputs: [.init([9: [.floats, .integers, .bool], 22: [.floats, .integers, .bfloat16, .bool]])])
  public static let typedOutputs = 0
  private let type: ElementType?
  private let k: Int

  public init(_ node: NodeReader) throws(TensorError) {
    k = try node.int("k", default: 0)
    type = try node.elementType("dtype")
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    let type = type ?? inputs.type(0) ?? x.type
    guard x.shape.rank == 2, type.computed != nil else {
      throw TensorError("EyeLike", expected: "a matrix of numbers", found: "\(type) \(x.shape)")
    }
    return [ValueInfo(x.shape, type: type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let made = try outputs(for: inputs.described)[0]
    let isOn = (0..<made.shape.count).map { offset in
      offset % made.shape[1] - offset / made.shape[1] == k
    }
    let ones: Value =
      switch made.type.computed {
      case .float32: .float32(Tensor(made.shape, isOn.map { $0 ? 1 : 0 }))
      case .int64: .int64(NDArray(made.shape, isOn.map { $0 ? 1 : 0 }))
      default: .bool(NDArray(made.shape, isOn))
      }
    return [try Value(ones, as: made.type)]
  }

  /// The numbers of x are not looked at.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}

extension NodeReader {
  /// An element type by its number in ONNX; nil where the attribute is absent or 0.
  /// - Throws: `TensorError` where it is none that is computed with.
  func elementType(_ name: String) throws(TensorError) -> ElementType? {
    let number = try int(name, default: 0)
    guard number != 0 else { return nil }
    let type = ElementType(onnx: number)
    guard type.computed != nil else {
      throw TensorError(
        "\(node.opType) \(name)", expected: "a type of number or bool", found: "\(number)")
    }
    return type
  }
}
