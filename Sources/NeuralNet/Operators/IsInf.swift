public import TensorCore

/// Whether x is infinite, of a sign that is looked for: `detect_positive`, `detect_negative`.
public struct IsInf: QuestionOperator {
  public static let opType = "IsInf"
  public static let schema = OperatorSchema(
    since: 10,
    attributes: [
      .flag("detect_negative", since: 10),
      .flag("detect_positive", since: 10),
    ],
    inputs: [.init([10: [.float32, ElementTypes(.float64)], 20: [.floats, .bfloat16]])])
  private let (positive, negative): (Bool, Bool)

  public init(_ node: NodeReader) throws(TensorError) {
    positive = try node.int("detect_positive", default: 1) != 0
    negative = try node.int("detect_negative", default: 1) != 0
  }

  public func holds(_ x: Float) -> Bool { x.isInfinite && (x > 0 ? positive : negative) }
}
