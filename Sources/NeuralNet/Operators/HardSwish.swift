public import TensorCore

/// y = x·max(0, min(1, x/6 + ½)): Howard et al. 2019 (arXiv:1905.02244).
public struct HardSwish: UnaryOperator {
  public static let opType = "HardSwish"
  public static let schema = OperatorSchema(
    since: 14, inputs: [.init([14: .floats, 22: [.floats, .bfloat16]])])
  public static let role = OperatorRole.activation
  public init(_ node: NodeReader) {}

  public static let function: ElementFunction? = .hardSwish

  public static func apply(_ x: Float) -> Float { x * max(0, min(1, x / 6 + 0.5)) }

  public static func gradient(_ g: Float, x: Float, y: Float) -> Float {
    x <= -3 ? 0 : x >= 3 ? g : g * (x / 3 + 0.5)
  }
}

extension HardSwish: EpilogueActivation {
  func activation(_ inputs: Inputs<Value>) -> Activation? { .hardSwish }
}
