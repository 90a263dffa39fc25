import Masks
public import NeuralNet
public import TensorCore

/// What the user calls axes: `N,T,F` for the layer shown or `NODE=N,T,F` for any value; `own` takes such
/// names back.
public struct AxisNaming: Sendable {
  /// What the user calls the value; nil for the layer shown.
  public let name: String?
  /// The names; nil for those the network gives.
  public let axes: [Axis]?
  /// The word that takes names back.
  public static let own = "own"

  /// Reads what the user wrote.
  /// - Throws: `TensorError` where a name is none, or there is none at all.
  public init(parsing text: String) throws(TensorError) {
    // Names of nodes may hold a =, those of axes do not.
    let split = text.lastIndex(of: "=")
    name = split.map { String(text[..<$0]) }
    let list = split.map { String(text[text.index(after: $0)...]) } ?? text
    guard !list.isEmpty, name != "" else {
      throw TensorError(
        "axes", expected: "N,T,F or NODE=N,T,F", found: text.isEmpty ? "nothing" : text)
    }
    axes = list == AxisNaming.own ? nil : try Axis.list(parsing: list)
  }
}

extension Graph {
  /// The value that names of axes are for.
  /// - Throws: `GraphError` where the graph has none of that name.
  public func value(of naming: AxisNaming) throws(GraphError) -> String {
    guard let name = naming.name, let value = value(named: name) else {
      throw GraphError(
        naming.name.map { "axes: no value \($0) in the graph" }
          ?? "axes: expected NODE=N,T,F, found no node")
    }
    return value
  }
}

extension Experiment {
  /// What the user called axes, by value.
  public var axisNames: [String: [Axis]] { subject.network.graph.axisNames }

  /// The same with the axes of one more value named; those of the layer shown where the text names no
  /// node.
  /// - Throws: `TensorError` or `GraphError` where there is no such value, or it has another number of
  ///   axes.
  public func naming(_ naming: AxisNaming, shown: Layer) throws -> (Experiment, value: String) {
    var (experiment, value) = (self, shown.value)
    if let name = naming.name {
      if let known = subject.network.graph.value(named: name) {
        value = known
      } else {
        let reached = try reaching(name)
        (experiment, value) = (reached.experiment, reached.layer.value)
      }
    }
    var names = axisNames
    names[value] = naming.axes
    let named = experiment.naming(names)
    try named.checkAxes()
    return (named, value)
  }

  /// The same with axes named by options, `NODE=N,T,F` each.
  /// - Throws: `TensorError` or `GraphError` where one makes no sense.
  public func naming(_ options: [String]) throws -> Experiment {
    var named = self
    for text in options {
      let naming = try AxisNaming(parsing: text)
      guard naming.name != nil else {
        throw TensorError("axes", expected: "NODE=N,T,F", found: text)
      }
      named = try named.naming(naming, shown: layers[0]).0
    }
    return named
  }

  /// The names of the axes that a setting's dropout acts along, guesses with a `?`; nil where it acts on
  /// a node's parameters.
  public func axes(ofSite setting: Setting) -> [String]? {
    let target = (try? KindRegistry.make(setting.kind, setting.kinds))?.target
    let site = site(of: setting)
    guard !(target?.isParameter ?? false), let shape = clean[site]?.shape else { return nil }
    return layout(of: site, shape: shape).axes.words
  }

  /// Checks the user's names against the values of the run.
  /// - Throws: `TensorError` where a value has another number of axes.
  private func checkAxes() throws(TensorError) {
    for (value, axes) in axisNames.sorted(by: { $0.key < $1.key }) {
      guard let shape = clean[value]?.shape, shape.rank != axes.count else { continue }
      throw TensorError(
        "axes", expected: "\(shape.rank) names for \(name(of: value)) \(shape)",
        found: "\(axes.count) in \(axes.text)")
    }
  }

  /// What the axes of a value may be, the likeliest first: what the network says and, where some of that
  /// is a guess, what else agrees with what is certain.
  public func readings(of layer: Layer) -> [[Axis]] {
    var graph = subject.network.graph
    graph.axisNames[layer.value] = nil
    let network =
      graph.axisNames.count == axisNames.count ? subject.network : Network(graph)
    return network.axisReadings(of: layer.value, shape: layer.layout.shape)
  }

  /// What an option or a command calls a value: the name of its node, or its own where that is another's.
  public func unmistakableName(of value: String) -> String {
    let name = name(of: value)
    return subject.network.graph.value(named: name) == value ? name : value
  }
}

extension [Axis] {
  /// The names in full, guesses with a `?`.
  public var words: [String] {
    map { $0.name == .unknown ? "?" : $0.name.rawValue + ($0.isGuess ? "?" : "") }
  }

  /// `N,T,F`: what `AxisNaming` reads, without marks of guesses.
  public var letters: String { map { String($0.name.letter) }.joined(separator: ",") }
}
