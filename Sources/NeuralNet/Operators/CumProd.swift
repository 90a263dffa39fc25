import Masks
public import TensorCore

/// The products of all x up to each one along the axis that input 1 names: those up to the one before with
/// `exclusive`, from the end with `reverse`.
public struct CumProd: RunningOperator {
  public static let opType = "CumProd"
  public static let schema = OperatorSchema(
    since: 26,
    attributes: [
      .flag("exclusive", since: 26),
      .flag("reverse", since: 26),
    ],
    inputs: [.init([.floats, .wideIntegers, .bfloat16]), .init([.int32, .int64])])
  public static let start: Int64 = 1
  public let rule: RunningRule

  public init(_ node: NodeReader) throws(TensorError) { rule = try RunningRule(node) }

  public static func combine(_ a: Double, _ x: Float) -> Double { a * Double(x) }
  public static func combine(_ a: Int64, _ x: Int64) -> Int64 { a &* x }

  /// Each x counts in all products from its own place on, times the other factors of each: those before it
  /// are multiplied once, those behind it as they come, so that nothing is divided by an x that may be 0.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let axis = try rule.axis(pass.inputs.described) ?? 0
    let x = try pass.inputs.tensor(0)
    let g = try pass.takeGradient()
    var gradient = Tensor(x.shape, repeating: 0)
    let later = rule.isExclusive ? 1 : 0
    for row in rule.rows(x.shape, axis) {
      var before = 1.0
      for (place, at) in row.enumerated() {
        var (sum, product) = (0.0, before)
        for end in place..<row.count {
          if end > place { product *= Double(x[row[end]]) }
          if end + later < row.count { sum += Double(g[row[end + later]]) * product }
        }
        gradient[at] = Float(sum)
        before *= Double(x[at])
      }
    }
    return pass.only(gradient)
  }

  /// The gradient's pairs.
  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].shape.count
  }
}
