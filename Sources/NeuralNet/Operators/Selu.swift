import Glibc
public import TensorCore

/// y = gamma·x where x > 0, else gamma·alpha·(eˣ − 1): Klambauer et al. 2017 (arXiv:1706.02515), the
/// activation that alpha dropout goes with.
public struct Selu: ParametricOperator {
  public static let opType = "Selu"
  public static let schema = OperatorSchema(
    attributes: [.float("alpha"), .ints("consumed_inputs", until: 5), .float("gamma")],
    inputs: [.init([1: .floats, 22: [.floats, .bfloat16]])])
  let alpha: Float
  let gamma: Float

  public init(_ node: NodeReader) throws(TensorError) {
    // Up to opset 5 the constants were rounded to four digits.
    let isOld = node.opset < 6
    alpha = try node.float("alpha", default: isOld ? 1.6732 : 1.673_263_2)
    gamma = try node.float("gamma", default: isOld ? 1.0507 : 1.050_701)
  }

  public var function: ElementFunction? { .elu(gamma, gamma * alpha) }

  public func apply(_ x: Float) -> Float { x > 0 ? gamma * x : gamma * (alpha * expm1f(x)) }

  public func gradient(_ g: Float, x: Float, y: Float) -> Float {
    x > 0 ? gamma * g : g * (y + gamma * alpha)
  }
}
