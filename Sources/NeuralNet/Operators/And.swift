public import TensorCore

/// Whether a and b both hold, broadcast.
public struct And: LogicalOperator {
  public static let opType = "And"
  public static let schema = OperatorSchema.logical
  public let broadcasting: BroadcastRule

  public init(_ node: NodeReader) throws(TensorError) { broadcasting = try BroadcastRule(node) }

  public static func apply(_ a: Bool, _ b: Bool) -> Bool { a && b }
}
