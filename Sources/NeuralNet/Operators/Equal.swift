public import TensorCore

/// Whether two elements are equal, broadcast: two float32, int64 or bool → bool. NaN equals nothing.
public struct Equal: BroadcastingOperator {
  public static let opType = "Equal"
  public static let schema = OperatorSchema(
    attributes: [.int("axis", until: 6), .flag("broadcast", until: 6)],
    inputs: .init(
      repeating: .init([
        1: [.bool, .int32, .int64], 11: [.floats, .integers, .bool],
        13: [.floats, .integers, .bool, .bfloat16],
        19: [.floats, .integers, .bool, .bfloat16, .string],
      ]), count: 2))
  public static let typedOutputs = 0
  private let broadcasting: BroadcastRule

  public init(_ node: NodeReader) throws(TensorError) { broadcasting = try BroadcastRule(node) }

  public func operands(_ inputs: Inputs<ValueInfo>) -> [Shape?] {
    broadcasting.operands(inputs)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (a, b) = (try inputs.required(0), try inputs.required(1))
    guard a.type == b.type else {
      throw TensorError("Equal", expected: "two of one type", found: "\(a.type) and \(b.type)")
    }
    return [
      ValueInfo(try broadcasting.broadcast(a.shape, b.shape, in: "Equal").shape, type: .bool)
    ]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let (a, b) = (try inputs.required(0), try inputs.required(1))
    let broadcast = try broadcasting.broadcast(a.shape, b.shape, in: "Equal")
    switch (a, b) {
    case (.float32(let a), .float32(let b)): return [.bool(broadcast.map(a, b) { $0 == $1 })]
    case (.int64(let a), .int64(let b)): return [.bool(broadcast.map(a, b) { $0 == $1 })]
    case (.bool(let a), .bool(let b)): return [.bool(broadcast.map(a, b) { $0 == $1 })]
    default:
      throw TensorError(
        "Equal", expected: "two float32, int64 or bool", found: "\(a.type) and \(b.type)")
    }
  }

  /// Truths have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
