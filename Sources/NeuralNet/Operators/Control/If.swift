import Masks
public import TensorCore

/// One of two bodies, by a condition. Both read the values around them; they have no inputs.
public struct If: BodyOperator {
  public static let opType = "If"
  public static let schema = OperatorSchema(
    attributes: [
      .other("then_branch", .graph, required: true), .other("else_branch", .graph, required: true),
    ], inputs: [.init(.bool)], outputs: [1: .max])
  public let outer: OuterValues
  private let (yes, no): (BodyRun, BodyRun)

  public init(_ node: NodeReader) throws(TensorError) {
    (yes, no) = (BodyRun(try node.body("then_branch")), BodyRun(try node.body("else_branch")))
    outer = OuterValues(node)
  }

  /// Those of the branch that a constant condition chooses; else both must make the same.
  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (condition, named) = (try inputs.required(0), outer.named(inputs))
    if let known = condition.constant {
      let branch = try known.truth(in: "If") ? yes : no
      return try branch.outputs([], named, in: "If")
    }
    let (a, b) = (try yes.outputs([], named, in: "If"), try no.outputs([], named, in: "If"))
    guard a.map(\.uncomputed) == b.map(\.uncomputed) else {
      throw TensorError(
        "If", expected: "branches that make the same",
        found: "\(a.map(\.shape)) and \(b.map(\.shape)), which only a run can tell apart")
    }
    return a.map(\.uncomputed)
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let branch = try inputs.required(0).truth(in: "If") ? yes : no
    var work = 0
    let plan = try branch.plan(context, in: "If")
    return try branch.run(plan, [], outer.named(inputs), context, work: &work, in: "If")
  }
}
