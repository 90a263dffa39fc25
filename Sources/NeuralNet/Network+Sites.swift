import TensorCore

extension Network {
  /// An edge where people put dropout, and what is there.
  public struct Site: Equatable, Sendable {
    /// The value's name.
    public var value: String
    /// What a person calls it: its node's name or its own.
    public var name: String
    /// What the edge lies between, the most telling first: `before pool`, `after activation`, …
    public var places: [Place]

    /// An edge; `places` is empty where people seldom put dropout.
    public init(value: String, name: String, places: [Place]) {
      (self.value, self.name, self.places) = (value, name, places)
    }
  }

  /// Where an edge lies.
  public enum Place: String, Sendable {
    case input
    case afterConvolution = "after conv"
    case afterNormalization = "after norm"
    case afterActivation = "after activation"
    case beforePool = "before pool"
    case afterPool = "after pool"
    case betweenModules = "between modules"
    case beforeFlatten = "before flatten"
    case betweenDense = "between dense"
    case beforeOutput = "before output"
  }

  /// The edges where people put dropout, in the graph's order: the input; after each convolution,
  /// normalisation, activation and pool; where branches meet; before a flatten, between dense layers
  /// and before the last one. An edge that nothing reads is none.
  public var sensibleSites: [Site] {
    let inputs = graph.inputs.filter { $0.type.isFloat }.map(\.name)
    let made = graph.nodes.compactMap { $0.outputs.first }.filter { !$0.isEmpty }
    return (inputs + made).compactMap { value in
      let places = places(of: value)
      return places.isEmpty
        ? nil
        : Site(
          value: value,
          name: graph.producerIndex(of: value).map(graph.distinctName(ofNode:)) ?? value,
          places: places)
    }
  }

  /// The node that reads a value first, past those that only reshape or drop.
  public func nextLayer(after value: String) -> Int? {
    var value = value
    while let index = graph.readers(of: value).first {
      switch role(of: index) {
      case .reshape, .dropout:
        guard let output = graph.nodes[index].outputs.first, !output.isEmpty else { return nil }
        value = output
      default: return index
      }
    }
    return nil
  }

  /// What a node is for; `other` where its operator is missing, `dropout` for what makes and applies
  /// the noise of a Dropout node.
  public func role(of index: Int) -> OperatorRole {
    if noiseParts.contains(index) { return .dropout }
    guard case .success(let operation) = operators[index] else { return .other }
    return type(of: operation).role
  }

  private func places(of value: String) -> [Place] {
    let readers = graph.readers(of: value)
    guard !readers.isEmpty else { return [] }
    if graph.inputs.contains(where: { $0.name == value }) { return [.input] }
    guard let maker = graph.producerIndex(of: value), graph.nodes[maker].outputs.first == value
    else { return [] }
    let makerRole = role(of: maker)
    let next = nextLayer(after: value)
    let nextRole = next.map(role(of:))
    var places: [Place] = []
    if nextRole == .dense, next == lastDense {
      places.append(.beforeOutput)
    } else if nextRole == .dense, isBelowDense(maker) {
      places.append(.betweenDense)
    }
    if nextRole == .pool || readers.contains(where: { role(of: $0) == .pool }) {
      places.append(.beforePool)
    }
    if makerRole == .pool { places.append(.afterPool) }
    if flattens(value, readers) { places.append(.beforeFlatten) }
    switch makerRole {
    case .convolution: places.append(.afterConvolution)
    case .normalization: places.append(.afterNormalization)
    case .activation: places.append(.afterActivation)
    case .merge where computed(graph.nodes[maker]) > 1: places.append(.betweenModules)
    case .dense, .merge, .pool, .reshape, .probability, .dropout, .other: break
    }
    // A reshape gives the same edge another name, and a bias added to a product is no module.
    let isNewEdge = ![.reshape, .dropout, .probability, .other].contains(makerRole)
    return isNewEdge ? places : []
  }

  /// How many of a node's inputs are activations.
  private func computed(_ node: Node) -> Int {
    node.inputs.count { !$0.isEmpty && graph.constants[$0] == nil }
  }

  private var lastDense: Int? { graph.nodes.indices.last { role(of: $0) == .dense } }

  private func isBelowDense(_ index: Int) -> Bool {
    graph.nodes[...index].indices.contains { role(of: $0) == .dense }
  }

  /// Whether maps become features there: a reshape that leads to a dense layer.
  private func flattens(_ value: String, _ readers: [Int]) -> Bool {
    guard readers.contains(where: { role(of: $0) == .reshape }),
      let next = nextLayer(after: value)
    else { return false }
    return role(of: next) == .dense
  }
}
