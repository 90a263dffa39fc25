public import Masks
import TensorCore

/// Dropout of the model's own, however its file writes it: a Dropout node; a Dropout node that makes
/// noise of ones, which a Mul puts on a value; or random operators that drop.
public struct WrittenDropout: Equatable, Sendable {
  /// How it is written.
  public enum Form: Equatable, Sendable {
    /// A Dropout node on the value itself.
    case node
    /// A Dropout node on ones of a smaller shape, multiplied with the value.
    case noise
    /// Random numbers that are compared with a rate.
    case random
  }

  /// When it acts, by what the file says.
  public enum Activity: Equatable, Sendable {
    /// In training alone: the file leaves it open.
    case training
    /// Always: also at inference.
    case always
    /// Never: not in training either.
    case never
    /// Where the value of this name is true.
    case given(String)
  }

  /// How it is written.
  public var form: Form
  /// The name of its Dropout node or, for random operators, of the node that makes the result.
  public var node: String
  /// That node's index in the graph.
  public var index: Int
  /// What that node reads: the value it drops from, or ones that it makes noise of.
  public var input: String
  /// What that node makes.
  public var output: String
  /// The nodes that together are this dropout, those included that make noise for it alone.
  public var parts: Set<Int>
  /// The value that is dropped from: `input`, or what the noise is for.
  public var site: String
  /// The value its readers see: `output`, or what the noise makes of `site`.
  public var result: String
  /// The probability of dropping; nil where only a run can tell.
  public var rate: Rate?
  /// The axes of `site` along which cells share a unit, in its order; nil where each element is dropped
  /// by itself.
  public var sharedAxes: [Bool]?
  /// What makes up for the dropped: kept values × 1/(1−p), or nothing.
  public var scale: Scaling
  /// When it acts.
  public var activity: Activity
  /// The value that holds the rate where the file gives none.
  public var rateInput: String?
}

extension Network {
  /// The model's own dropout, in the graph's order. Nodes that make no sense are left out: a run names
  /// them.
  public var writtenDropouts: [WrittenDropout] {
    guard !patterns.isEmpty else { return [] }
    // The ratio may be an initializer or come from a Constant node; neither depends on the inputs.
    let known = signature().values
    lazy var shapes = NoiseShapes(graph, known: known, ranks: descriptions)
    return patterns.compactMap { pattern in
      var own = WrittenDropout(
        form: pattern.form, node: graph.nodes[pattern.index].name, index: pattern.index,
        input: pattern.input, output: pattern.output, parts: pattern.parts, site: pattern.site,
        result: pattern.result, rate: pattern.rate, scale: pattern.scale, activity: .always)
      if let noise = pattern.noise { own.sharedAxes = shapes.sharedAxes(noise, at: pattern.site) }
      guard pattern.form != .random else { return own }
      guard let operation = try? operators[pattern.index].get() as? DropoutOperator else {
        return nil
      }
      let node = graph.nodes[pattern.index]
      let inputs = Inputs(
        node.opType,
        node.inputs.map { $0.isEmpty ? nil : known[$0]?.computed ?? ValueInfo(Shape([])) })
      own.rate = try? operation.rate(for: inputs)
      if own.rate == nil, node.inputs.count > 1 { own.rateInput = node.inputs[1] }
      own.activity = operation.activity(for: inputs, named: node.inputs)
      return own
    }
  }

  /// Dropout in the graphs that nodes hold, each with where that is: `NODE/`, of a node that holds several graphs
  /// `NODE/GRAPH/`.
  public var dropoutsInside: [(place: String, dropout: WrittenDropout)] {
    graph.nodes.indices.flatMap { index in
      graph.bodies(ofNode: index).flatMap { path, _, body in
        let network = Network(body.graph)
        return network.writtenDropouts.map { (path, $0) }
          + network.dropoutsInside.map { (path + $0.place, $0.dropout) }
      }
    }
  }

  /// The nodes that are parts of dropout in random operators.
  var randomParts: Set<Int> {
    patterns.reduce(into: []) { if $1.form == .random { $0.formUnion($1.parts) } }
  }

  /// What is known of each value whatever its open sizes: its type and rank. Sizes are taken as 1,
  /// which suits an open batch, and where that does not work out as 128, which suits a kernel on open
  /// rows and columns.
  var descriptions: ValueTable<ValueInfo> {
    let small = signature(openSizes: 1)
    guard !small.errors.isEmpty else { return small.values }
    return small.values.merging(signature(openSizes: 128).values)
  }
}
