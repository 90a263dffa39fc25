import TensorCore

/// Changes to a graph: what they name changes, everything else stays as it was read.
///
/// A node of the graph's document keeps its `origin`; nodes that are added have none. Values keep their names until `graph()`, also those made by
/// dropout that was removed, so that further changes can name them.
public struct GraphEdit: Sendable {
  /// The graph as it was.
  public let original: Graph
  /// The graph as it was, with its operators.
  let network: Network
  /// The model's free text.
  public var metadata: [String: String]

  private(set) var nodes: [Node]
  private(set) var inputs: [Graph.Input]
  private(set) var outputs: [String]
  var constants: [String: Value]
  private var axisNames: [String: [Axis]]
  /// Who makes and who reads values, where that is not as in the original.
  private var (makers, readers): ([String: Int?], [String: [Int]]) = ([:], [:])
  /// The nodes in their order, as a list in both directions; place 0 is before the first.
  private var next: [Int]
  private var previous: [Int]
  private var gone: Set<Int> = []
  /// Nodes that hand a value on and leave when the graph is made.
  private var passing: [Int] = []
  /// Names that are taken beside those of the original's values and nodes, and those of them that are free.
  var (taken, released): (Set<String>, Set<String>)
  /// What is known of values, asked for once.
  var known: ValueTable<ValueInfo>?
  /// The sites that dropout was added at.
  var added: Set<String> = []

  /// No change yet.
  public init(_ graph: Graph) { self.init(Network(graph)) }

  /// No change yet to the graph of a network.
  public init(_ network: Network) {
    // What is shown inside nodes is no output of theirs that a file could have.
    let graph = (try? network.graph.closed()) ?? network.graph
    (original, self.network, metadata) = (graph, network, graph.metadata)
    (nodes, inputs, outputs) = (graph.nodes, graph.inputs, graph.outputs)
    (constants, axisNames) = (graph.constants, graph.axisNames)
    next = (0...graph.nodes.count).map { $0 == graph.nodes.count ? 0 : $0 + 1 }
    previous = (0...graph.nodes.count).map { $0 == 0 ? graph.nodes.count : $0 - 1 }
    (taken, released) = (graph.document?.namesInBodies ?? [], [])
  }

  /// The graph with the changes.
  /// - Throws: `GraphError` where a change made no graph: never in practice.
  public func graph() throws(GraphError) -> Graph {
    var edit = self
    for index in passing { edit.splice(index) }
    return try Graph(
      name: original.name, inputs: edit.inputs, outputs: edit.outputs, constants: edit.constants,
      nodes: edit.remaining.map { edit.nodes[$0] }, opsets: original.opsets, metadata: metadata,
      axisNames: edit.axisNames, document: original.document, operators: original.operators)
  }
}

extension Graph {
  /// The graph with changes.
  /// - Throws: what `change` throws.
  public func edited(
    _ change: (inout GraphEdit) throws(GraphError) -> Void
  ) throws(GraphError) -> Graph {
    var edit = GraphEdit(self)
    try change(&edit)
    return try edit.graph()
  }
}

// MARK: - Names

extension GraphEdit {
  /// A name that neither a value nor a node has: the one given, or with a number behind it. From now
  /// on it is taken.
  mutating func free(_ name: String) -> String {
    var (free, number) = (name, 1)
    while !isFree(free) {
      number += 1
      free = "\(name)\(number)"
    }
    take(free)
    return free
  }

  /// A new constant under a name of its own.
  mutating func constant(_ name: String, _ value: Value) -> String {
    let name = free(name)
    constants[name] = value
    return name
  }

  /// Whether neither a value nor a node has the name.
  func isFree(_ name: String) -> Bool {
    if taken.contains(name) { return false }
    return released.contains(name)
      || original.index.numbers[name] == nil && original.index.node(named: name) == nil
  }

  private mutating func take(_ name: String) {
    released.remove(name)
    taken.insert(name)
  }

  /// The nodes that are left, in their order.
  var remaining: [Int] {
    var (order, place) = ([Int](), next[0])
    while place != 0 {
      if !gone.contains(place - 1) { order.append(place - 1) }
      place = next[place]
    }
    return order
  }

  /// Whether a value is there.
  func has(_ value: String) -> Bool {
    !value.isEmpty && (producer(of: value) != nil || inputs.contains { $0.name == value })
  }

  /// What is known of a value whatever its open sizes: its type and rank.
  mutating func info(_ value: String) -> ValueInfo? {
    if known == nil { known = network.descriptions }
    return known?[value]
  }

  /// The node that makes a value; nil for inputs and constants.
  func producer(of value: String) -> Int? { makers[value] ?? original.index.maker(of: value) }

  /// The nodes that read a value, themselves or in their bodies.
  func readers(of value: String) -> [Int] { readers[value] ?? original.index.readers(of: value) }

  private mutating func add(_ index: Int, toReadersOf value: String) {
    let old = readers(of: value)
    if !old.contains(index) { readers[value] = old + [index] }
  }

  private mutating func remove(_ index: Int, fromReadersOf value: String) {
    readers[value] = readers(of: value).filter { $0 != index }
  }

  /// The first node in whose bodies a value is read.
  func bodyReader(of value: String) -> Node? {
    readers(of: value).lazy.map { nodes[$0] }.first { $0.bodyReads.contains(value) }
  }

  /// The first node whose bodies read a value and are in no document, which could rename it there.
  func fixedBodyReader(of value: String) -> Node? {
    readers(of: value).lazy.map { nodes[$0] }.first { node in
      node.bodyReads.contains(value) && (original.document == nil || node.origin == nil)
    }
  }

  /// Whether nobody reads a value or asks for it.
  func isUnread(_ value: String) -> Bool {
    readers(of: value).isEmpty && !outputs.contains(value)
  }
}

// MARK: - Changes of the graph's shape

extension GraphEdit {
  /// Lets everybody who reads `site` read a new value, and be it under the name of the old one: where
  /// it is an output or read in a body its name stays for what its readers see, and its node makes
  /// `…_clean`.
  /// - Parameter name: what the new value is called otherwise
  /// - Throws: `GraphError` where `site` is an input that a body reads which no document holds.
  mutating func open(
    _ site: String, named name: String
  ) throws(GraphError) -> (clean: String, result: String) {
    let isFixed = outputs.contains(site) || bodyReader(of: site) != nil
    if let maker = producer(of: site), isFixed {
      let clean = free("\(site)_clean")
      rename(site, to: clean, madeBy: maker)
      return (clean, site)
    }
    if let node = fixedBodyReader(of: site) {
      throw GraphError(
        node: node.name,
        "dropout at \(site) cannot be saved: a body reads it by its name, and no node makes it")
    }
    let result = free(name)
    if let info = known?[site] { known?[result] = info }
    renameReaders(of: site, to: result)
    outputs = outputs.map { $0 == site ? result : $0 }
    return (site, result)
  }

  /// Gives a value another name where it is made; who reads it reads the old name still.
  private mutating func rename(_ value: String, to name: String, madeBy maker: Int) {
    nodes[maker].outputs = nodes[maker].outputs.map { $0 == value ? name : $0 }
    makers.updateValue(nil, forKey: value)
    makers[name] = maker
    if let info = known?[value] { known?[name] = info }
    if let axes = axisNames[value] { axisNames[name] = axes }
  }

  /// Lets every node that reads a value, itself or in its bodies, read another.
  private mutating func renameReaders(of value: String, to name: String) {
    for index in readers(of: value) {
      nodes[index].inputs = nodes[index].inputs.map { $0 == value ? name : $0 }
      nodes[index].bodyReads = nodes[index].bodyReads.map { $0 == value ? name : $0 }
      add(index, toReadersOf: name)
    }
    readers[value] = []
  }

  /// Lets a node read other values.
  mutating func setInputs(_ index: Int, _ names: [String]) {
    let old = nodes[index].inputs
    nodes[index].inputs = names
    for name in Set(old) where !names.contains(name) && !nodes[index].bodyReads.contains(name) {
      remove(index, fromReadersOf: name)
    }
    for name in names where !name.isEmpty { add(index, toReadersOf: name) }
  }

  /// Gives a node another graph in place of one that it holds.
  mutating func replace(_ body: String, ofNode index: Int, with new: Body) {
    nodes[index].replace(body, with: new)
  }

  /// Changes what a node says beside its inputs and outputs.
  mutating func setAttribute(_ index: Int, _ name: String, _ value: Attribute) {
    nodes[index].attributes[name] = value
  }

  /// Puts a node behind another, before all for nil.
  /// - Returns: its index.
  @discardableResult
  mutating func insert(_ node: Node, after index: Int?) -> Int {
    let (place, before) = (nodes.count + 1, index.map { $0 + 1 } ?? 0)
    nodes.append(node)
    next.append(next[before])
    previous.append(before)
    previous[next[before]] = place
    next[before] = place
    for name in node.outputs where !name.isEmpty { makers[name] = place - 1 }
    for name in node.inputs where !name.isEmpty { add(place - 1, toReadersOf: name) }
    return place - 1
  }

  /// Puts nodes one after another behind a node, before all for nil.
  mutating func insert(_ new: [Node], after index: Int?) {
    var place = index
    for node in new { place = insert(node, after: place) }
  }

  /// The node before another in the order; nil for the first.
  func predecessor(of index: Int) -> Int? {
    previous[index + 1] == 0 ? nil : previous[index + 1] - 1
  }

  /// Takes a constant away, or the node that makes it, where nobody reads it any more.
  mutating func deleteIfUnread(_ value: String) {
    guard !value.isEmpty, isUnread(value) else { return }
    if constants[value] != nil {
      remove(constant: value)
    } else if let maker = producer(of: value), nodes[maker].inputs.isEmpty {
      delete([maker])
    }
  }

  /// Takes nodes away, and whatever was there for them alone: constants, and nodes that made what only
  /// they read.
  mutating func delete(_ indices: some Collection<Int>) {
    var freed: [String] = []
    for index in indices where gone.insert(index).inserted {
      freed += detach(index)
    }
    while let name = freed.popLast() {
      guard isUnread(name) else { continue }
      guard let maker = producer(of: name) else {
        remove(constant: name)
        continue
      }
      let isIdle = nodes[maker].outputs.allSatisfy { $0.isEmpty || isUnread($0) }
      if isIdle, gone.insert(maker).inserted { freed += detach(maker) }
    }
  }

  /// Takes a constant away; its name is free again.
  private mutating func remove(constant name: String) {
    guard constants.removeValue(forKey: name) != nil else { return }
    taken.remove(name)
    released.insert(name)
  }

  /// Takes a node out of the index.
  /// - Returns: the values it read.
  private mutating func detach(_ index: Int) -> [String] {
    for name in nodes[index].outputs where !name.isEmpty && producer(of: name) == index {
      makers.updateValue(nil, forKey: name)
    }
    let read = Set(nodes[index].inputs + nodes[index].bodyReads).filter { !$0.isEmpty }
    for name in read { remove(index, fromReadersOf: name) }
    return read.sorted()
  }

  /// Hands `site` on as `result`, for as long as the edit goes on; for good where `stays`.
  /// - Returns: the node's index.
  @discardableResult
  mutating func pass(
    _ site: String, as result: String, named name: String, after index: Int?, stays: Bool
  ) -> Int {
    let node = Node(name: name, Identity.opType, inputs: [site], outputs: [result])
    let index = insert(node, after: index)
    if !stays { passing.append(index) }
    return index
  }

  /// Takes a node that only hands a value on out of the way: its readers read what it reads or, where
  /// its result has to keep its name, what it reads takes that name. Where neither can be it stays.
  private mutating func splice(_ index: Int) {
    guard !gone.contains(index) else { return }
    let (site, result) = (nodes[index].inputs[0], nodes[index].outputs[0])
    let maker = outputs.contains(site) || bodyReader(of: site) != nil ? nil : producer(of: site)
    // Names in bodies are changed where nothing else will do.
    let body = maker == nil ? fixedBodyReader(of: result) : bodyReader(of: result)
    let canRename = !outputs.contains(result) && body == nil
    guard canRename || maker != nil else { return }
    gone.insert(index)
    _ = detach(index)
    if canRename {
      renameReaders(of: result, to: site)
    } else if let maker {
      renameReaders(of: site, to: result)
      rename(site, to: result, madeBy: maker)
    }
  }

  /// Gives a node another constant to read: the one it reads where nobody else does, else a new one.
  /// - Parameter name: what a new one is called
  mutating func setConstant(_ index: Int, input: Int, _ value: Value, named name: String) {
    var names = nodes[index].inputs
    while names.count <= input { names.append("") }
    let old = names[input]
    let isAlone =
      readers(of: old).count == 1 && names.count { $0 == old } == 1 && !outputs.contains(old)
    if !old.isEmpty, constants[old] != nil, isAlone {
      constants[old] = value
      return
    }
    names[input] = constant(name, value)
    setInputs(index, names)
    deleteIfUnread(old)
  }

  /// Changes each input of the graph.
  mutating func changeInputs(_ change: (inout Graph.Input) -> Void) {
    for index in inputs.indices { change(&inputs[index]) }
  }

  /// A new input of the graph, under its very name.
  mutating func addInput(_ input: Graph.Input) {
    take(input.name)
    inputs.append(input)
  }
}
