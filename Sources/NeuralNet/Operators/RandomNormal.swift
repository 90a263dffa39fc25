import Masks
public import TensorCore

/// Numbers drawn from the normal distribution of `mean` and the standard deviation `scale`, of the attributes' `shape` and `dtype`.
public struct RandomNormal: DrawingOperator {
  public static let opType = "RandomNormal"
  public static let schema = OperatorSchema(
    attributes: [
      .int("dtype"),
      .float("mean"),
      .float("scale"),
      .float("seed"),
      .ints("shape", required: true),
    ],
    inputs: [])
  public let draw: RandomDraw
  private let shape: [Int]
  private let type: ElementType

  public init(_ node: NodeReader) throws(TensorError) {
    draw = try .normal(node)
    shape = try node.ints("shape") ?? []
    type = try node.elementType("dtype") ?? .float32
  }

  public func made(
    _ inputs: Inputs<ValueInfo>
  ) throws(TensorError) -> (shape: Shape, type: ElementType) {
    (try Shape(computed: shape, in: "RandomNormal"), type)
  }
}
