import Masks
public import TensorCore

/// The sums of all x up to each one along the axis that input 1 names: those up to the one before with
/// `exclusive`, from the end with `reverse`.
public struct CumSum: RunningOperator {
  public static let opType = "CumSum"
  public static let schema = OperatorSchema(
    since: 11,
    attributes: [
      .flag("exclusive", since: 11),
      .flag("reverse", since: 11),
    ],
    inputs: [
      .init([
        11: [.wideIntegers, .float32, ElementTypes(.float64)],
        14: [.floats, .wideIntegers, .bfloat16],
      ]), .init([.int32, .int64]),
    ])
  public static let start: Int64 = 0
  public let rule: RunningRule

  public init(_ node: NodeReader) throws(TensorError) { rule = try RunningRule(node) }

  public static func combine(_ a: Double, _ x: Float) -> Double { a + Double(x) }
  public static func combine(_ a: Int64, _ x: Int64) -> Int64 { a &+ x }

  /// What comes after is a sum the other way.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let axis = try rule.axis(pass.inputs.described) ?? 0
    let g = try pass.takeGradient()
    return pass.only(
      rule.turned.scanned(g, axis, from: 0.0, { Self.combine($0, $1) }, { Float($0) }))
  }
}

extension RunningRule {
  /// The other way.
  fileprivate var turned: RunningRule {
    RunningRule(isExclusive: isExclusive, isReversed: !isReversed)
  }
}
