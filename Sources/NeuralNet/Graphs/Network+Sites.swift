import Masks
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
    case afterEmbedding = "after embedding"
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

  /// The edges where people put dropout, in the graph's order: the input; after each embedding,
  /// convolution, normalisation, activation and pool; where branches meet; before a flatten, between dense layers
  /// and before the last one. An edge that nothing reads is none. O(nodes and their inputs).
  public var sensibleSites: [Site] {
    let surroundings = Surroundings(self)
    var sites: [Site] = []
    func add(_ number: Int, _ name: @autoclosure () -> String) {
      let places = places(of: number, surroundings)
      guard !places.isEmpty else { return }
      sites.append(Site(value: graph.index.names[number], name: name(), places: places))
    }
    for (number, input) in graph.inputs.enumerated() where input.type.isFloat {
      add(number, input.name)
    }
    for index in graph.nodes.indices {
      if let number = graph.index.makes[index].first ?? nil {
        add(number, graph.distinctName(ofNode: index))
      }
    }
    return sites
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
    return (operation as? any OpenableOperator)?.roleInside ?? type(of: operation).role
  }

  /// What every edge's places depend on, worked out once for all of them.
  private struct Surroundings {
    /// What each node is for.
    var roles: [OperatorRole]
    /// `nextLayer(after:)` of every value, by number.
    var next: [Int?]
    var dense: (first: Int, last: Int)?

    init(_ network: Network) {
      let graph = network.graph
      let index = graph.index
      let roles = graph.nodes.indices.map(network.role(of:))
      self.roles = roles
      var next = [Int?](repeating: nil, count: index.names.count)
      func look(_ value: Int) {
        guard let reader = index.readers[value].first else { return }
        switch roles[reader] {
        case .reshape, .dropout:
          // What is read beside it is a shape.
          guard index.reads[reader].first == value else { return }
          next[value] = (index.makes[reader].first ?? nil).flatMap { next[$0] }
        default: next[value] = reader
        }
      }
      // Readers come later in the graph, so what they know is there already.
      for node in graph.nodes.indices.reversed() {
        for case let value? in index.makes[node] { look(value) }
        if roles[node] == .dense { dense = (node, dense?.last ?? node) }
      }
      for number in graph.inputs.indices { look(number) }
      self.next = next
    }
  }

  private func places(of value: Int, _ surroundings: Surroundings) -> [Place] {
    let index = graph.index
    let readers = index.readers[value]
    guard !readers.isEmpty else { return [] }
    if value < graph.inputs.count { return [.input] }
    guard let maker = index.makers[value], index.makes[maker].first == value else { return [] }
    let roles = surroundings.roles
    let makerRole = roles[maker]
    let next = surroundings.next[value]
    let nextRole = next.map { roles[$0] }
    var places: [Place] = []
    if nextRole == .dense, next == surroundings.dense?.last {
      places.append(.beforeOutput)
    } else if nextRole == .dense, let dense = surroundings.dense, dense.first <= maker {
      places.append(.betweenDense)
    }
    if nextRole == .pool || readers.contains(where: { roles[$0] == .pool }) {
      places.append(.beforePool)
    }
    if makerRole == .pool { places.append(.afterPool) }
    // Maps become features there: a reshape that leads to a dense layer.
    if nextRole == .dense,
      readers.contains(where: { roles[$0] == .reshape && index.reads[$0].first == value })
    {
      places.append(.beforeFlatten)
    }
    let isEmbedding = parameters(of: maker, for: .embedding) != nil
    if isEmbedding { places.append(.afterEmbedding) }
    switch makerRole {
    case .convolution: places.append(.afterConvolution)
    case .normalization: places.append(.afterNormalization)
    case .activation: places.append(.afterActivation)
    case .merge
    where computed(graph.nodes[maker]) > 1 && !isOfSizes(index.names[value], Network.mostOfSizes):
      places.append(.betweenModules)
    case .dense, .merge, .pool, .reshape, .probability, .dropout, .other: break
    }
    // A reshape gives the same edge another name, and a bias added to a product is no module.
    let isNewEdge =
      isEmbedding || ![.reshape, .dropout, .probability, .other].contains(makerRole)
    return isNewEdge ? places : []
  }

  /// Whether a value is worked out from sizes, and so is no activation.
  private func isOfSizes(_ value: String, _ steps: Int) -> Bool {
    if let constant = graph.constants[value] { return !constant.type.isFloat }
    guard steps > 0, let maker = graph.producer(of: value), maker.isOfONNX else { return false }
    switch maker.opType {
    case "Shape", "Size": return true
    // All that Concat reads is of one type.
    case "Concat", "Slice", "Gather", "Unsqueeze", "Squeeze", "Reshape", "Add", "Sub", "Mul", "Div":
      return isOfSizes(maker.inputs.first ?? "", steps - 1)
    default: return false
    }
  }

  /// Nodes between a shape and what is made of it.
  private static let mostOfSizes = 8

  /// How many of a node's inputs are activations.
  private func computed(_ node: Node) -> Int {
    node.inputs.count { !$0.isEmpty && graph.constants[$0] == nil }
  }
}
