public import TensorCore

/// A plain recurrent layer: outputs Y and Y_h.
public struct RNN: RecurrentOperator {
  public static let opType = "RNN"
  public static let schema = OperatorSchema(
    attributes: [
      .other("activation_alpha", .floats),
      .other("activation_beta", .floats),
      .other("activations", .strings),
      .float("clip"),
      .string("direction", of: ["forward", "reverse", "bidirectional"]),
      .int("hidden_size"),
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
    ],
    outputs: [1: 2])
  public static let gates = 1
  public static let hasCell = false
  public let rule: RecurrentRule
  public let wanted: Int

  public init(_ node: NodeReader) throws(TensorError) {
    rule = try RecurrentRule(node, defaults: ["Tanh"])
    wanted = node.node.outputs.count
  }

  public func cell(_ layer: RecurrentLayer) -> any RecurrentCell { RNNCell() }
}
