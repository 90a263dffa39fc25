public import TensorCore

/// Long short-term memory, with a cell state C beside the hidden one: outputs Y, Y_h and Y_c. Inputs 5 to
/// 7 are the first H and C and the peepholes `[D,3·H]` of the input, output and forget gate.
public struct LSTM: RecurrentOperator {
  public static let opType = "LSTM"
  public static let schema = OperatorSchema(
    attributes: [
      .other("activation_alpha", .floats),
      .other("activation_beta", .floats),
      .other("activations", .strings),
      .float("clip"),
      .string("direction", of: ["forward", "reverse", "bidirectional"]),
      .int("hidden_size"),
      .flag("input_forget"),
      .int("layout", since: 14, in: 0...1),
      .int("output_sequence", until: 6),
    ],
    inputs: [
      .init([1: .floats, 22: [.floats, .bfloat16]]),
      .init([1: .floats, 22: [.floats, .bfloat16]]),
      .init([1: .floats, 22: [.floats, .bfloat16]]),
      .init([1: .floats, 22: [.floats, .bfloat16]], optionalSince: 1),
      .init([1: .int32], optionalSince: 1),
      .init([1: .floats, 22: [.floats, .bfloat16]], optionalSince: 1),
      .init([1: .floats, 22: [.floats, .bfloat16]], optionalSince: 1),
      .init([1: .floats, 22: [.floats, .bfloat16]], optionalSince: 1),
    ],
    outputs: [1: 3])
  public static let gates = 4
  public static let hasCell = true
  public let rule: RecurrentRule
  public let wanted: Int
  private let isCoupled: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    rule = try RecurrentRule(node, defaults: ["Sigmoid", "Tanh", "Tanh"])
    wanted = node.node.outputs.count
    isCoupled = try node.int("input_forget", default: 0) != 0
  }

  public func cell(_ layer: RecurrentLayer) -> any RecurrentCell { LSTMCell(isCoupled: isCoupled) }
}
