/// The bits that are set in both a and b, broadcast.
public struct BitwiseAnd: BitwiseOperator {
  public static let opType = "BitwiseAnd"
  public static let schema = OperatorSchema(
    since: 18,
    inputs: .init(repeating: .init(.integers), count: 2))
  public init(_ node: NodeReader) {}

  public func apply(_ a: Int64, _ b: Int64) -> Int64 { a & b }
}
