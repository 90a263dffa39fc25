import Insight
import Masks
public import NeuralNet
public import TensorCore

/// A subject with its clean run: the one place that computes what the screen, `render` and `export`
/// show.
public struct Experiment: Sendable {
  /// The network and its input.
  public private(set) var subject: Subject
  /// Every value of the run without dropout.
  public private(set) var clean: Activations
  /// The layers that can be shown, in the graph's order, the input first.
  public private(set) var layers: [Layer]
  /// The shown input's layout.
  public private(set) var inputLayout: Layout
  /// What the nodes make and cost.
  public let signature: Network.Signature
  /// What is told of the graph, once it was asked for.
  private var listing: Listing
  /// What the last observation was computed with.
  var memory = PlanMemory()
  /// Why the lower part of the network could not be computed, where it could not.
  public let problem: GraphError?

  /// A value that has maps to show.
  public struct Layer: Equatable, Sendable {
    /// The name of the value.
    public var value: String
    /// The name a person uses: the node's (`conv#2` where several share it), or the input's.
    public var name: String
    /// The operator that makes it; `Input` for the network's input.
    public var opType: String
    /// How it is laid out.
    public var layout: Layout
  }

  /// A value's shape with the names of its axes: those the user gave, else what the network says.
  public func layout(of value: String, shape: Shape) -> Layout {
    subject.network.layout(of: value, shape: shape)
  }

  /// Runs the network once without dropout. A node that cannot be computed ends the run there; what
  /// lies above it can still be shown.
  /// - Throws: `GraphError` where the input does not fit the network.
  public init(_ subject: Subject) throws(GraphError) {
    self.subject = subject
    signature = subject.network.signature(inputs: subject.inputs.mapValues(\.shape))
    try Experiment.reserve(signature, for: subject)
    (clean, problem) = try subject.network.runAsFarAsPossible(subject.inputs)
    if let problem, problem.exceedsBudget { throw problem }
    layers = Experiment.layers(of: subject.network, in: clean)
    inputLayout = subject.inputLayout
    listing = Listing(of: subject.network, signature, in: clean)
    guard !layers.isEmpty else {
      throw problem ?? GraphError("no layer of \(subject.modelName) has maps to show")
    }
  }

  /// The graph as a list, with what cannot be shown.
  public var nodes: [NetworkRow] { listing.rows.value }

  /// The graph's rows as an outline, in groups or all at the top.
  public func outline(isGrouped: Bool) -> NetworkOutline {
    (isGrouped ? listing.grouped : listing.flat).value
  }

  /// The model's own dropout.
  public var ownDropouts: [WrittenDropout] { listing.ownDropouts.value }

  /// Asks for the memory of all values of a run, which a view keeps.
  /// - Throws: `GraphError` where there is not so much.
  private static func reserve(
    _ signature: Network.Signature, for subject: Subject
  ) throws(GraphError) {
    var bytes = 0
    for node in subject.network.graph.nodes {
      for name in node.outputs {
        let (sum, overflow) = bytes.addingReportingOverflow(signature.values[name]?.bytes ?? 0)
        bytes = overflow ? Int.max : sum
      }
    }
    do {
      try MemoryBudget.reserve(
        bytes, in: subject.modelName, for: "the values of all layers")
    } catch {
      throw GraphError(node: nil, error)
    }
  }

  /// The values of floats that have an axis beside the samples.
  private static func layers(of network: Network, in run: Activations) -> [Layer] {
    let graph = network.graph
    func layer(_ value: String, _ name: String, _ opType: String) -> Layer? {
      guard let made = run[value], made.type.isFloat, let shape = made.tensor?.shape else {
        return nil
      }
      let layout = network.layout(of: value, shape: shape)
      let own = shape.rank - (layout.sampleAxis == nil ? 0 : 1)
      guard layout.count > 0, own > 0 else { return nil }
      return Layer(value: value, name: name, opType: opType, layout: layout)
    }
    let inputs = graph.inputs.compactMap { layer($0.name, $0.name, "Input") }
    let nodes = graph.nodes.enumerated().filter { $1.opType != "Constant" }.flatMap {
      index, node in
      let made = node.result.flatMap {
        layer($0, graph.distinctName(ofNode: index), node.opType)
      }
      return node.shown.compactMap { layer($0.name, $0.name, $0.opType ?? "Input") }
        + (made.map { [$0] } ?? [])
    }
    return inputs + nodes
  }

  /// The same with other names of axes, by value, in place of all the user gave. Nothing is computed
  /// again.
  public func naming(_ names: [String: [Axis]]) -> Experiment {
    var graph = subject.network.graph
    graph.axisNames = names
    var named = self
    named.subject.network = Network(graph)
    named.inputLayout = named.subject.inputLayout
    named.memory = PlanMemory()
    named.layers = Experiment.layers(of: named.subject.network, in: clean)
    return named
  }

  /// The same with what is true of each place that the network tells of.
  public func judged(by truth: [Bool]) -> Experiment {
    var judged = self
    judged.subject.truth = truth
    return judged
  }

  /// The layer a person sees first: the first activation function after a convolution, else the
  /// first convolution, else whatever comes first.
  public var firstLayer: Layer {
    let nodes = layers.filter { $0.opType != "Input" }
    let network = subject.network
    func has(_ role: OperatorRole, _ layer: Layer) -> Bool {
      network.graph.producerIndex(of: layer.value)
        .map { network.role(of: $0) == role } ?? false
    }
    if let conv = nodes.firstIndex(where: { has(.convolution, $0) }) {
      return nodes[conv...].first { has(.activation, $0) } ?? nodes[conv]
    }
    return nodes.first ?? layers[0]
  }

  /// What to say of a name that does not tell layers apart: which of them `layer(named:)` takes, and
  /// which others there are; nil for any other name.
  public func warning(ofName name: String) -> String? {
    guard !layers.contains(where: { $0.name == name }) else { return nil }
    let same = layers(sharing: name)
    guard same.count > 1 else { return nil }
    let others = same.dropFirst().prefix(4).map(\.name).joined(separator: ", ")
    return "\(same.count) layers are called \(name): taken is \(same[0].name), others are \(others)"
      + (same.count > 5 ? ", …" : "")
  }

  /// The layers whose nodes have a name of the file's, which several may share.
  private func layers(sharing name: String) -> [Layer] {
    layers.filter { subject.network.graph.producer(of: $0.value)?.name == name }
  }

  /// The layer a person calls `name`, which may be inside a node: then of an experiment that shows it too.
  /// - Throws: `GraphError` that lists the nearest names where there is none, or says why a value inside a
  ///   node is not there.
  public func reaching(
    _ name: String
  ) throws(GraphError) -> (experiment: Experiment, layer: Layer) {
    do {
      return (self, try layer(named: name))
    } catch {
      guard let (graph, value) = try subject.network.graph.showing(name) else { throw error }
      let shown = try showing(value, of: graph)
      return (shown, try shown.layer(named: value))
    }
  }

  /// The same with a value inside a node, of which the graph shows it. The node alone is run again.
  private func showing(_ value: String, of graph: Graph) throws(GraphError) -> Experiment {
    guard clean[value] == nil else { return self }
    var shown = self
    let network = Network(graph)
    shown.subject.network = network
    let run = try Plan(
      network, wanted: [value], from: clean, context: RunContext(disablesOwnDropout: true)
    ).run()
    guard let inside = run[value], inside != .absent else {
      throw GraphError(
        "\(value) cannot be shown: its branch was not taken, no turn was made, "
          + "or its shape is another at each turn")
    }
    shown.clean[value] = inside
    shown.memory = PlanMemory()
    shown.layers = Experiment.layers(of: network, in: shown.clean)
    shown.listing = Listing(of: network, signature, in: shown.clean)
    return shown
  }

  /// The layer a person calls `name`.
  /// - Throws: `GraphError` that lists the nearest names where there is none.
  public func layer(named name: String) throws(GraphError) -> Layer {
    if let exact = layers.first(where: { $0.name == name }) ?? layers(sharing: name).first
      ?? layers.first(where: { $0.value == name })
    {
      return exact
    }
    let graph = subject.network.graph
    if graph.value(named: name) != nil {
      throw problem ?? GraphError("layer \(name) has no maps to show")
    }
    let nearest = nearestNames(to: name, among: layers.map(\.name)).joined(separator: ", ")
    throw GraphError("no layer \(name) in \(subject.modelName); nearest: \(nearest)")
  }
}

/// What is told of a graph, worked out when it is asked for: large graphs take a while.
private struct Listing: Sendable {
  let rows: Lazy<[NetworkRow]>
  let grouped: Lazy<NetworkOutline>
  let flat: Lazy<NetworkOutline>
  let ownDropouts: Lazy<[WrittenDropout]>

  init(of network: Network, _ signature: Network.Signature, in run: Activations) {
    let rows = Lazy {
      network.rows(signature, activations: run).filter { $0.opType != "Constant" }
    }
    self.rows = rows
    grouped = Lazy { NetworkOutline(rows.value, of: network.graph, isGrouped: true) }
    flat = Lazy { NetworkOutline(rows.value, of: network.graph, isGrouped: false) }
    ownDropouts = Lazy { network.writtenDropouts }
  }
}
