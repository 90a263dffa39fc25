import Insight
import Masks
public import NeuralNet
public import TensorCore

/// A subject with its clean run: the one place that computes what the screen, `render` and `export`
/// show.
public struct Experiment: Sendable {
  /// The network and its input.
  public let subject: Subject
  /// Every value of the run without dropout.
  public let clean: Activations
  /// The layers that can be shown, in the graph's order, the input first.
  public let layers: [Layer]
  /// Why the lower part of the network could not be computed, where it could not.
  public let problem: GraphError?

  /// A value that has maps to show.
  public struct Layer: Equatable, Sendable {
    /// The name of the value.
    public var value: String
    /// The name a person uses: the node's, or the input's.
    public var name: String
    /// The operator that makes it; `Input` for the network's input.
    public var opType: String
    /// How it is laid out.
    public var layout: NCHW
  }

  /// Runs the network once without dropout. A node that cannot be computed ends the run there; what
  /// lies above it can still be shown.
  /// - Throws: `GraphError` where the input does not fit the network.
  public init(_ subject: Subject) throws(GraphError) {
    self.subject = subject
    let inputs = Dictionary(
      uniqueKeysWithValues: subject.network.graph.inputs.map {
        ($0.name, Value.float32(subject.input))
      })
    (clean, problem) = try subject.network.runAsFarAsPossible(inputs)
    layers = Experiment.layers(of: subject.network.graph, in: clean)
    guard !layers.isEmpty else {
      throw problem ?? GraphError("no layer of \(subject.modelName) has maps to show")
    }
  }

  private static func layers(of graph: Graph, in run: Activations) -> [Layer] {
    func layer(_ value: String, _ name: String, _ opType: String) -> Layer? {
      guard let shape = run.tensor(value)?.shape, let layout = try? NCHW(shape), layout.count > 0
      else { return nil }
      return Layer(value: value, name: name, opType: opType, layout: layout)
    }
    let inputs = graph.inputs.compactMap { layer($0.name, $0.name, "Input") }
    let nodes = graph.nodes.filter { $0.opType != "Constant" }.compactMap { node in
      node.outputs.first.flatMap { layer($0, node.name, node.opType) }
    }
    return inputs + nodes
  }

  /// The layer a person sees first: the first activation function after a convolution, else the
  /// first convolution, else whatever comes first.
  public var firstLayer: Layer {
    let nodes = layers.filter { $0.opType != "Input" }
    if let conv = nodes.firstIndex(where: { $0.opType == "Conv" }) {
      let activations = ["Relu", "Sigmoid", "Tanh", "Clip"]
      return nodes[conv...].first { activations.contains($0.opType) } ?? nodes[conv]
    }
    return nodes.first ?? layers[0]
  }

  /// The layer a person calls `name`.
  /// - Throws: `GraphError` that lists the nearest names where there is none.
  public func layer(named name: String) throws(GraphError) -> Layer {
    if let exact = layers.first(where: { $0.name == name })
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

  /// Everything a setting leads to.
  /// - Throws: `GraphError` where the kind cannot act at the site; the message says what would fit.
  public func observe(_ setting: Setting) throws(GraphError) -> Observation {
    guard let cleanSite = clean.tensor(setting.site), let cleanLayer = clean.tensor(setting.layer)
    else { throw GraphError("no layer \(setting.layer) or no site \(setting.site)") }
    do {
      let layout = try NCHW(cleanSite.shape)
      let kind = try KindRegistry.make(setting.kind, setting.kinds)
      let dropout = Dropout(kind, rate: setting.rate, scaling: setting.scaling)
      let placement = Placement(site: setting.site, dropout: dropout, seed: setting.seed)
      let field = Field(units: try kind.units(of: layout), stream: placement.stream)
      let run = try subject.network.run(
        from: clean, wanted: [setting.layer] + outputs + pools(after: setting.site),
        placements: [placement],
        context: RunContext(mode: setting.mode))
      let mask = setting.mode == .eval ? Mask(layout: layout) : run.masks[setting.site]!
      return Observation(
        clean: cleanLayer, layout: try NCHW(cleanLayer.shape),
        cleanSite: cleanSite, siteLayout: layout, field: field, mask: mask,
        dropped: run.tensor(setting.layer) ?? cleanLayer,
        output: outputs.first.flatMap { run.tensor($0) },
        cleanOutput: outputs.first.flatMap { clean.tensor($0) },
        transfer: dropout.transfers(mask: mask, mode: setting.mode)[0],
        actsHere: setting.site == setting.layer,
        meters: Meters(
          clean: cleanSite, dropped: run.tensor(setting.site) ?? cleanSite, mask: mask,
          rate: setting.rate, scaling: setting.scaling, mode: setting.mode,
          pooled: pooled(after: setting.site, in: run)))
    } catch let error as GraphError {
      throw error
    } catch {
      throw GraphError("\(setting.kind) dropout at \(setting.site): \(error)")
    }
  }

  /// The max-pool that reads a value, if one could be computed: its result, or nothing.
  private func pools(after value: String) -> [String] {
    let pool = subject.network.graph.nodes.first {
      $0.opType == "MaxPool" && $0.inputs.first == value
    }
    return pool?.outputs.first.flatMap { clean.tensor($0) == nil ? nil : [$0] } ?? []
  }

  private func pooled(
    after value: String, in run: Activations
  ) -> (clean: Tensor, dropped: Tensor)? {
    guard let pool = pools(after: value).first, let before = clean.tensor(pool),
      let after = run.tensor(pool)
    else { return nil }
    return (before, after)
  }

  /// The network's outputs that could be computed.
  private var outputs: [String] {
    subject.network.graph.outputs.filter { clean.tensor($0) != nil }
  }
}
