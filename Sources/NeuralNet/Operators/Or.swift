public import TensorCore

/// Whether a or b holds, broadcast.
public struct Or: LogicalOperator {
  public static let opType = "Or"
  public static let schema = OperatorSchema.logical
  public let broadcasting: BroadcastRule

  public init(_ node: NodeReader) throws(TensorError) { broadcasting = try BroadcastRule(node) }

  public static func apply(_ a: Bool, _ b: Bool) -> Bool { a || b }
}
