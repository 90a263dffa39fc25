public import TensorCore

/// Gated recurrent units: outputs Y and Y_h.
public struct GRU: RecurrentOperator {
  public static let opType = "GRU"
  public static let schema = OperatorSchema(
    attributes: [
      .other("activation_alpha", .floats),
      .other("activation_beta", .floats),
      .other("activations", .strings),
      .float("clip"),
      .string("direction", of: ["forward", "reverse", "bidirectional"]),
      .int("hidden_size"),
      .int("layout", since: 14, in: 0...1),
      .flag("linear_before_reset", since: 3),
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
  public static let gates = 3
  public static let hasCell = false
  public let rule: RecurrentRule
  public let wanted: Int
  private let resetsAfter: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    rule = try RecurrentRule(node, defaults: ["Sigmoid", "Tanh"])
    wanted = node.node.outputs.count
    resetsAfter = try node.int("linear_before_reset", default: 0) != 0
  }

  public func cell(_ layer: RecurrentLayer) -> any RecurrentCell {
    GRUCell(resetsAfter: resetsAfter)
  }
}
