import Masks
public import TensorCore

/// The element of input 1 where the condition, input 0, holds, else that of input 2; all three
/// broadcast.
public struct Where: BroadcastingOperator {
  public static let opType = "Where"
  public static let schema = OperatorSchema(
    since: 9,
    inputs: [.init(.bool), .init([9: .firstTypes, 16: .all]), .init([9: .firstTypes, 16: .all])])
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (condition, a, b) = (
      try inputs.required(0), try inputs.required(1), try inputs.required(2)
    )
    guard condition.type == .bool, a.type == b.type else {
      throw TensorError(
        "Where", expected: "a bool and two of one type",
        found: "\(condition.type), \(a.type) and \(b.type)")
    }
    let shape = try Broadcast(a.shape, b.shape, in: "Where").shape
    return [
      ValueInfo(try Broadcast(condition.shape, shape, in: "Where").shape, type: a.type)
    ]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let shape = try outputs(for: inputs.described)[0].shape
    let condition = try condition(inputs, shape)
    func pick<E: BitwiseCopyable & Sendable>(
      _ a: NDArray<E>, _ b: NDArray<E>
    ) throws(TensorError) -> NDArray<E> {
      let a = a.gathered(try .broadcasting(a.shape, to: shape, in: "Where"))
      let b = b.gathered(try .broadcasting(b.shape, to: shape, in: "Where"))
      return NDArray(shape, (0..<shape.count).map { condition[$0] ? a[$0] : b[$0] })
    }
    switch (try inputs.required(1), try inputs.required(2)) {
    case (.float32(let a), .float32(let b)): return [.float32(try pick(a, b))]
    case (.int64(let a), .int64(let b)): return [.int64(try pick(a, b))]
    case (.bool(let a), .bool(let b)): return [.bool(try pick(a, b))]
    default: throw TensorError("Where", expected: "two of one type", found: "two types")
    }
  }

  private func condition(
    _ inputs: Inputs<Value>, _ shape: Shape
  ) throws(TensorError) -> NDArray<Bool> {
    guard case .bool(let condition) = try inputs.required(0) else {
      throw TensorError("Where", expected: "a bool condition", found: "another type")
    }
    return condition.gathered(try .broadcasting(condition.shape, to: shape, in: "Where"))
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(1) || pass.wants(2) else { return pass.none }
    let condition = try condition(pass.inputs, try pass.output(0).shape)
    let g = try pass.takeGradient()
    var all = pass.none
    for (index, side) in [(1, true), (2, false)] where pass.wants(index) {
      var own = g
      own.changeChunks(reading: condition) { g, condition in
        for i in g.indices where condition[i] != side { g[i] = 0 }
      }
      all[index] = try Reduction.sum(own, to: try pass.inputs.tensor(index).shape, in: "Where")
    }
    return all
  }
}
