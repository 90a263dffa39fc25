import Masks
public import TensorCore

/// Numbers drawn evenly from `low` to before `high`, of the shape of x and of the type `dtype` or x's own.
public struct RandomUniformLike: DrawingOperator {
  public static let opType = "RandomUniformLike"
  public static let schema = OperatorSchema(
    attributes: [
      .int("dtype"),
      .float("high"),
      .float("low"),
      .float("seed"),
    ],
    inputs: [.init([1: .firstTypes, 22: .all])])
  public let draw: RandomDraw
  private let type: ElementType?

  public init(_ node: NodeReader) throws(TensorError) {
    draw = try .uniform(node)
    type = try node.elementType("dtype")
  }

  public func made(
    _ inputs: Inputs<ValueInfo>
  ) throws(TensorError) -> (shape: Shape, type: ElementType) {
    let x = try inputs.required(0)
    return (x.shape, type ?? inputs.type(0) ?? x.type)
  }
}
