public import TensorCore

/// y = x where x > alpha, else 0: Konda et al. 2014 (arXiv:1402.3337).
public struct ThresholdedRelu: ParametricOperator {
  public static let opType = "ThresholdedRelu"
  public static let schema = OperatorSchema(
    since: 10,
    attributes: [
      .float("alpha", since: 10)
    ],
    inputs: [.init([10: .floats, 22: [.floats, .bfloat16]])])
  let alpha: Float

  public init(_ node: NodeReader) throws(TensorError) {
    alpha = try node.float("alpha", default: 1)
  }

  public func apply(_ x: Float) -> Float { x > alpha || x.isNaN ? x : 0 }

  public func gradient(_ g: Float, x: Float, y: Float) -> Float { x > alpha || x.isNaN ? g : 0 }
}
