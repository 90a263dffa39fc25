public import TensorCore

/// y = max(x, 0). NaN stays NaN.
public struct Relu: UnaryOperator {
  public static let opType = "Relu"
  public static let schema = OperatorSchema(
    attributes: [.ints("consumed_inputs", until: 5)],
    inputs: [
      .init([
        1: .floats, 13: [.floats, .bfloat16],
        14: [.floats, .bfloat16, .signedIntegers],
      ])
    ])
  public static let role = OperatorRole.activation
  public init(_ node: NodeReader) {}

  public static let function: ElementFunction? = .relu

  public static func apply(_ x: Float) -> Float { x < 0 ? 0 : x }

  /// 0 at the kink, as frameworks have it.
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { y <= 0 ? 0 : g }
}

extension Relu: EpilogueActivation {
  func activation(_ inputs: Inputs<Value>) -> Activation? { .relu }
}
