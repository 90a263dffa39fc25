import Masks
public import TensorCore

/// What ScatterElements was called up to opset 10.
public struct Scatter: ScatteringOperator {
  public static let opType = "Scatter"
  public static let schema = OperatorSchema(
    since: 9,
    attributes: [.int("axis", since: 9)],
    inputs: [.init([9: .firstTypes]), .init([.int32, .int64]), .init([9: .firstTypes])])
  private let own: ScatterElements

  public init(_ node: NodeReader) throws(TensorError) { own = try ScatterElements(node) }

  public var reduction: ScatterReduction { own.reduction }

  public func check(_ x: Shape, indices: Shape, updates: Shape) throws(TensorError) {
    try own.check(x, indices: indices, updates: updates)
  }

  public func axes(ofUpdates updates: Shape, x: Shape, indices: Shape) -> [Int?] {
    own.axes(ofUpdates: updates, x: x, indices: indices)
  }

  public func offsets(_ inputs: Inputs<Value>) throws(TensorError) -> [Int] {
    try own.offsets(inputs)
  }
}
