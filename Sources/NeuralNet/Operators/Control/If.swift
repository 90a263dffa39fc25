import Masks
public import TensorCore

/// One of two bodies, by a condition. Both read the values around them; they have no inputs.
public struct If: BodyRunningOperator {
  public static let opType = "If"
  public static let schema = OperatorSchema(
    attributes: [
      .other("then_branch", .graph, required: true), .other("else_branch", .graph, required: true),
    ], inputs: [.init(.bool)], outputs: [1: .max])
  public let outer: OuterValues
  static let takesTurns = false
  /// For no and for yes.
  var runs: [BodyRun]

  public init(_ node: NodeReader) throws(TensorError) {
    runs = [try BodyRun(node, "else_branch"), try BodyRun(node, "then_branch")]
    outer = OuterValues(node)
  }

  /// Those of the branch that a constant condition chooses; else both must make the same.
  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (condition, named) = (try inputs.required(0), outer.named(inputs))
    if let known = condition.constant {
      let branch = try known.truth(in: "If") ? runs[1] : runs[0]
      return try branch.outputs([], named, in: "If").own
    }
    let a = try runs[1].outputs([], named, in: "If")
    let b = try runs[0].outputs([], named, in: "If")
    guard a.own.map(\.uncomputed) == b.own.map(\.uncomputed) else {
      throw TensorError(
        "If", expected: "branches that make the same",
        found: "\(a.own.map(\.shape)) and \(b.own.map(\.shape)), which only a run can tell apart")
    }
    let shown = (b.shown ?? []) + (a.shown ?? [])
    let isWhole = shown.count == runs.reduce(0) { $0 + $1.shown.count }
    return a.own.map(\.uncomputed) + (isWhole ? shown : [])
  }

  /// Those of the branch that a constant condition chooses, else of the one that costs more.
  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    let taken = try? inputs.optional(0)?.constant?.truth(in: "If")
    let named = outer.named(inputs)
    return zip(runs, [false, true]).filter { $1 == taken ?? $1 }
      .map { $0.0.multiplyAdds([], named) }.max() ?? 0
  }

  /// What is inside the branch that is not taken is absent.
  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let taken = try inputs.required(0).truth(in: "If") ? 1 : 0
    var work = 0
    let plan = try runs[taken].plan(context, in: "If")
    let made = try runs[taken].run(
      plan, [], outer.named(inputs), context, work: &work, in: "If")
    let (own, shown) = (runs[taken].own, runs[taken].shown.count)
    func beside(_ count: Int, _ values: ArraySlice<Value>) -> [Value] {
      let absent = [Value](repeating: .absent, count: count)
      return taken == 0 ? values + absent : absent + values
    }
    let other = runs[1 - taken]
    return made[..<own] + beside(other.shown.count, made[own..<own + shown])
      + beside(2 * other.placements.count, made[(own + shown)...])
  }
}
