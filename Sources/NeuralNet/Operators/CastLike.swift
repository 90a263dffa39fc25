import Masks
public import TensorCore

/// x as the type of input 1, cast as Cast does.
public struct CastLike: AxisKeepingOperator {
  public static let opType = "CastLike"
  public static let schema = OperatorSchema(
    since: 15,
    attributes: [
      .string("round_mode", since: 24, of: ["up", "down", "nearest"]),
      .flag("saturate", since: 19),
    ],
    inputs: .init(repeating: .init(.all), count: 2))
  public static let typedOutputs = 0
  private let manner: NarrowCast

  public init(_ node: NodeReader) throws(TensorError) { manner = try NarrowCast(node) }

  private func target(_ type: ElementType?) throws(TensorError) -> ElementType {
    guard let type, type.computed != nil else {
      throw TensorError(
        "CastLike", expected: "a type of number or bool", found: type?.rawValue ?? "no input 1")
    }
    return type
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    guard x.type.computed != nil else {
      throw TensorError("CastLike", expected: "numbers or bools", found: "\(x.type)")
    }
    return [ValueInfo(x.shape, type: try target(inputs.type(1)))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let type = try target(inputs.type(1))
    return [
      try Cast.cast(try inputs.required(0), of: inputs.type(0) ?? .int64, to: type, manner)
    ]
  }

  /// From float to float the gradient passes as it is; any other cast has none.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0), pass.inputs.type(1)?.isFloat == true else { return pass.none }
    return pass.only(try pass.takeGradient())
  }
}
