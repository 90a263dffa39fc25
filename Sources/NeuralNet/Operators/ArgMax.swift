public import TensorCore

/// Where along an axis the largest number stands.
public struct ArgMax: ExtremeIndexOperator {
  public static let opType = "ArgMax"
  public static let schema = OperatorSchema.extremeIndex
  public let rule: ExtremeIndex

  public init(_ node: NodeReader) throws(TensorError) { rule = try ExtremeIndex(node) }

  public static func isBetter<T: Comparable>(_ x: T, than best: T) -> Bool { x > best }
}
