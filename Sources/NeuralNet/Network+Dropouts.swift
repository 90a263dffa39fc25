public import Masks
import TensorCore

extension Network {
  /// A Dropout node of the model's own.
  public struct OwnDropout: Equatable, Sendable {
    /// The node's name.
    public var node: String
    /// What the node reads: the value it drops from, or ones that it makes noise of.
    public var input: String
    /// What the node makes.
    public var output: String
    /// The rate it was trained with; nil where only a run can tell.
    public var rate: Rate?
    /// The value that is dropped from: `input`, or what the noise is for.
    public var site: String
    /// The value its readers see: `output`, or what the noise makes of `site`.
    public var result: String
  }

  /// The model's own Dropout nodes, in the graph's order. Nodes that make no sense are left out: a run
  /// names them.
  public var ownDropouts: [OwnDropout] {
    // The ratio may be an initializer or come from a Constant node; neither depends on the inputs.
    let known = signature().values
    return graph.nodes.indices.compactMap { index in
      let node = graph.nodes[index]
      guard let operation = try? operators[index].get() as? DropoutOperator else { return nil }
      let inputs = Inputs(
        node.opType, node.inputs.map { $0.isEmpty ? nil : known[$0] ?? ValueInfo(Shape([])) })
      let (input, output) = (node.inputs.first ?? "", node.outputs.first ?? "")
      let noise = NoiseForm(of: index, in: graph)
      return OwnDropout(
        node: node.name, input: input, output: output,
        rate: try? operation.rate(for: inputs), site: noise?.site ?? input,
        result: noise?.result ?? output)
    }
  }
}
