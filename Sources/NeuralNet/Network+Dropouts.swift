public import Masks
import TensorCore

extension Network {
  /// A Dropout node of the model's own.
  public struct OwnDropout: Equatable, Sendable {
    /// The node's name.
    public var node: String
    /// The value it drops from.
    public var input: String
    /// The value its readers see.
    public var output: String
    /// The rate it was trained with; nil where only a run can tell.
    public var rate: Rate?
  }

  /// The model's own Dropout nodes, in the graph's order. Nodes that make no sense are left out: a run
  /// names them.
  public var ownDropouts: [OwnDropout] {
    // The ratio may be an initializer or come from a Constant node; neither depends on the inputs.
    let known = signature().values
    return zip(graph.nodes, operators).compactMap { node, made in
      guard let operation = try? made.get() as? DropoutOperator else { return nil }
      let inputs = Inputs(
        node.opType, node.inputs.map { $0.isEmpty ? nil : known[$0] ?? ValueInfo(Shape([])) })
      let rate = try? operation.rate(for: inputs)
      return OwnDropout(
        node: node.name, input: node.inputs.first ?? "", output: node.outputs.first ?? "",
        rate: rate)
    }
  }
}
