public import TensorCore

/// Whether two elements are equal, broadcast: numbers or truths. NaN equals nothing.
public struct Equal: ComparisonOperator {
  public static let opType = "Equal"
  public static let schema = OperatorSchema(
    attributes: [.int("axis", until: 6), .flag("broadcast", until: 6)],
    inputs: .init(
      repeating: .init([
        1: [.bool, .int32, .int64], 11: [.floats, .integers, .bool],
        13: [.floats, .integers, .bool, .bfloat16],
        19: [.floats, .integers, .bool, .bfloat16, .string],
      ]), count: 2))
  public let broadcasting: BroadcastRule

  public init(_ node: NodeReader) throws(TensorError) { broadcasting = try BroadcastRule(node) }

  public static func holds(_ a: Float, _ b: Float) -> Bool { a == b }
  public static func holds(_ a: Int64, _ b: Int64) -> Bool { a == b }
  public static let ofTruths: (@Sendable (Bool, Bool) -> Bool)? = { $0 == $1 }
}
