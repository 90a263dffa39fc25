import Masks
public import TensorCore

/// Numbers drawn evenly from `low` to before `high`, of the attributes' `shape` and `dtype`.
public struct RandomUniform: DrawingOperator {
  public static let opType = "RandomUniform"
  public static let schema = OperatorSchema(
    attributes: [
      .int("dtype"),
      .float("high"),
      .float("low"),
      .float("seed"),
      .ints("shape", required: true),
    ],
    inputs: [])
  public let draw: RandomDraw
  private let shape: [Int]
  private let type: ElementType

  public init(_ node: NodeReader) throws(TensorError) {
    draw = try .uniform(node)
    shape = try node.ints("shape") ?? []
    type = try node.elementType("dtype") ?? .float32
  }

  public func made(
    _ inputs: Inputs<ValueInfo>
  ) throws(TensorError) -> (shape: Shape, type: ElementType) {
    (try Shape(computed: shape, in: "RandomUniform"), type)
  }
}
