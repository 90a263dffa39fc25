import Masks
public import TensorCore

/// x with its dimensions in the order `perm` says, by default reversed; any element type.
public struct Transpose: Operator {
  public static let opType = "Transpose"
  public static let schema = OperatorSchema(
    attributes: [.ints("perm", in: 0 ... .max)], inputs: [.init([1: .firstTypes, 13: .all])])
  public static let role = OperatorRole.reshape
  let order: [Int]?

  public init(_ node: NodeReader) throws(TensorError) { order = try node.ints("perm") }

  func view(_ shape: Shape) throws(TensorError) -> StridedView {
    try .transposing(shape, order: order ?? (0..<shape.rank).reversed(), in: "Transpose")
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    return [ValueInfo(try view(x.shape).shape, type: x.type)]
  }

  /// Each axis goes where it is put.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    AxisRule(
      outputs: outputs.map { output in
        let order = order ?? (0..<output.shape.rank).reversed()
        return order.map { .axes([.init(0, $0 < 0 ? $0 + order.count : $0)]) }
      })
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try inputs.required(0)
    return [x.gathered(try view(x.shape))]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let g = try pass.takeGradient()
    let order = order ?? (0..<g.shape.rank).reversed()
    let back = order.indices.sorted { order[$0] < order[$1] }
    return pass.only(g.gathered(try .transposing(g.shape, order: back, in: "Transpose")))
  }
}
