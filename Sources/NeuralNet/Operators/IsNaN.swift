/// Whether x is no number.
public struct IsNaN: QuestionOperator {
  public static let opType = "IsNaN"
  public static let schema = OperatorSchema(
    since: 9,
    inputs: [.init([9: .floats, 13: [.floats, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public func holds(_ x: Float) -> Bool { x.isNaN }
}
