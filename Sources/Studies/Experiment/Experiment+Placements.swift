import Masks
public import NeuralNet
public import TensorCore

extension Experiment {
  /// The value a setting's dropout acts on: the one pinned, the layer shown or, for a kind that acts on
  /// the input, the network's input.
  public func site(of setting: Setting) -> String {
    if let pinned = setting.pinnedSite { return pinned }
    let target = (try? KindRegistry.make(setting.kind, setting.kinds))?.target
    return target == .input ? subject.shownInput : setting.layer
  }

  /// The candidate sites that have maps, in the graph's order.
  public var sites: [Network.Site] {
    let values = Set(layers.map(\.value))
    return nodes.filter { !$0.places.isEmpty && values.contains($0.value) }
      .map { Network.Site(value: $0.value, name: $0.name, places: $0.places) }
  }

  /// Every dropout of a setting, the selected one first.
  public func dropouts(of setting: Setting) -> [PlacedDropout] {
    (setting.isPlaced ? [setting.dropout(at: site(of: setting))] : []) + setting.others
  }

  /// The same as a network takes them.
  /// - Throws: `TensorError` where there is no such kind.
  public func placements(of setting: Setting) throws(TensorError) -> [Placement] {
    var placements: [Placement] = []
    for placed in dropouts(of: setting) {
      placements.append(try Placement(placed, seed: setting.seed))
    }
    return placements
  }

  /// Whether a person who says `name` means no site: `none`, unless a layer is called so.
  public func isNowhere(_ name: String) -> Bool {
    name == Setting.nowhere && !layers.contains { $0.name == name }
  }

  /// How a setting's network runs: whether dropout acts at all, by which numbers, and whether the
  /// model's own does too.
  func context(of setting: Setting, mode: Mode) -> RunContext {
    RunContext(
      mode: mode, stream: RandomStream(seed: setting.seed),
      disablesOwnDropout: !setting.isModelDropoutActive)
  }

  /// The run that a setting's runs start from: the clean one, in which the model's own dropouts did
  /// nothing, without their results where they act.
  func start(of setting: Setting) -> Activations {
    guard setting.isModelDropoutActive else { return clean }
    return clean.without(Set(ownDropouts.map(\.output)))
  }

  /// The network as a setting has it: without the Dropout nodes that were taken away.
  /// - Throws: `GraphError` never in practice; the values stay what they are.
  public func network(of setting: Setting) throws(GraphError) -> Network {
    guard !setting.silenced.isEmpty else { return subject.network }
    var edit = GraphEdit(subject.network)
    edit.disableDropout(setting.silenced)
    return Network(try edit.graph())
  }

  /// Whether a dropout can act where it sits, without running the network.
  public func canAct(_ placed: PlacedDropout, seed: UInt64) -> Bool {
    guard let value = clean.tensor(placed.site),
      let placement = try? Placement(placed, seed: seed)
    else { return false }
    let layout = self.layout(of: placed.site, shape: value.shape)
    do {
      try subject.network.check(placement)
      guard !placement.dropout.kind.target.isParameter else { return true }
      _ = try placement.dropout.mask(layout: layout, stream: placement.stream)
      return true
    } catch {
      return false
    }
  }

  /// What a person calls a value: the name of its node, or its own.
  public func name(of value: String) -> String {
    nodes.first { $0.value == value }?.name ?? value
  }
}

extension Experiment {
  /// The graph with a node for each of a setting's dropouts that drops something, and how many those are.
  /// - Throws: `GraphError` where one of them cannot be expressed in ONNX.
  public func editedGraph(_ setting: Setting) throws -> (graph: Graph, dropouts: Int) {
    let placed = dropouts(of: setting).filter { $0.rate.p > 0 }
    var edit = GraphEdit(subject.network)
    for own in placed { try edit.add(try own.dropout, at: own.site) }
    edit.removeDropout(setting.silenced)
    return (try edit.graph(), placed.count)
  }
}
