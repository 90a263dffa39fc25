import Masks
public import TensorCore

/// A node that stands for a function of the model's own: its body is run. No file names the operator so.
public struct FunctionCall: BodyRunningOperator {
  public static let opType = "FunctionCall"
  public static let schema = OperatorSchema(inputs: [.init(.all)], repeatsInput: true)
  public let outer: OuterValues
  static let takesTurns = false
  var runs: [BodyRun]
  private var run: BodyRun { runs[0] }
  private let name: String
  let roleInside: OperatorRole?

  public init(_ node: NodeReader) throws(TensorError) {
    guard let body = node.node.function else {
      throw TensorError(node.node.opType, expected: "a function of the model", found: "none")
    }
    let run = try BodyRun(body, named: body.graph.name, of: node)
    (runs, roleInside) = ([run], run.role)
    name = node.node.opType
    outer = OuterValues(node)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let made = try run.outputs(given(inputs), [:], in: name)
    return made.own + (made.shown ?? [])
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    run.multiplyAdds(given(inputs), [:])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    var work = 0
    let plan = try run.plan(context, in: name)
    return try run.run(plan, given(inputs), [:], context, work: &work, in: name)
  }

  /// What the function is given: inputs that are left out have no place in its body.
  private func given<Item>(_ inputs: Inputs<Item>) -> [Item] {
    (0..<outer.own).compactMap { inputs.optional($0) }
  }
}
