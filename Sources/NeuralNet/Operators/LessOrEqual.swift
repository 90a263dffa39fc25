public import TensorCore

/// Whether a ≤ b, broadcast.
public struct LessOrEqual: ComparisonOperator {
  public static let opType = "LessOrEqual"
  public static let schema = OperatorSchema.comparisonOrEqual
  public let broadcasting: BroadcastRule

  public init(_ node: NodeReader) throws(TensorError) { broadcasting = try BroadcastRule(node) }

  public static func holds(_ a: Float, _ b: Float) -> Bool { a <= b }
  public static func holds(_ a: Int64, _ b: Int64) -> Bool { a <= b }
}
