public import TensorCore

/// Whether one of a and b holds and the other does not, broadcast.
public struct Xor: LogicalOperator {
  public static let opType = "Xor"
  public static let schema = OperatorSchema.logical
  public let broadcasting: BroadcastRule

  public init(_ node: NodeReader) throws(TensorError) { broadcasting = try BroadcastRule(node) }

  public static func apply(_ a: Bool, _ b: Bool) -> Bool { a != b }
}
