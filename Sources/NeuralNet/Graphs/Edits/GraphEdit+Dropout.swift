public import Masks
import TensorCore

extension GraphEdit {
  /// Puts a dropout on a value's edge as nodes that any runtime passes over at evaluation and a
  /// training runtime switches on.
  ///
  /// Everything that reads the value reads it after the dropout, and so does who asks for it as an
  /// output: the value then takes the name `…_clean` and the dropout's result the output's, and so it
  /// does where a body reads the value. (An input that is an output too keeps its name as an input; the
  /// output becomes `…_dropout`.) Nodes are called after the site: `relu1_dropout`. A rate of 0 adds no
  /// node.
  /// - Parameter name: what the Dropout node is called; nil for `…_dropout`
  /// - Throws: `GraphError` where there is no such value or one was added there already, the kind
  ///   cannot act there, or it cannot be expressed in ONNX: see `DropoutForm`.
  public mutating func add(
    _ dropout: Dropout, at site: String, named name: String? = nil
  ) throws(GraphError) {
    if let (node, inner) = network.graph.inner(site) {
      return try add(dropout, at: inner, ofNode: node, named: name)
    }
    guard has(site) else { throw GraphError("no value \(site) to put dropout on") }
    // Weights and what comes of them may each have one.
    let target = dropout.kind.target
    guard added.insert(target.isParameter ? "\(target) of \(site)" : site).inserted else {
      throw GraphError("two dropouts at \(site)")
    }
    guard let form = try form(dropout, at: site) else { return }
    let name = name ?? "\(site)_dropout"
    switch form {
    case .parameters(let input): drop(input, of: site, rate: dropout.rate)
    case .rows(let input, let count, let type):
      dropRows(input, of: site, count: count, type, rate: dropout.rate)
    case .elements:
      if outputs.contains(site) || bodyReader(of: site) != nil, producer(of: site) != nil {
        let own = free(name)
        let edge = try open(site, named: own)
        insert(elements(own, edge, dropout.rate), behind: edge.clean)
      } else {
        let edge = try open(site, named: name)
        insert(elements(edge.result, edge, dropout.rate), behind: edge.clean)
      }
    case .shared(let axes, let type):
      let own = free(name)
      let edge = try open(site, named: "\(site)_dropped")
      let nodes = noise(own, for: site, edge, axes: axes, type, dropout.rate)
      insert(nodes, behind: edge.clean)
    }
  }

  /// How a dropout at a value is said; nil where it changes nothing.
  /// - Throws: `GraphError` where the kind cannot act there or cannot be expressed in ONNX.
  private mutating func form(_ dropout: Dropout, at site: String) throws(GraphError) -> DropoutForm?
  {
    if let maker = producer(of: site), nodes[maker].makesNoFloats(at: site) {
      throw GraphError("\(site) holds no floats to put dropout on")
    }
    try network.check(Placement(site: site, dropout: dropout, seed: 0))
    if info(site) == nil, original.valueTypes[site]?.isFloat == false {
      throw GraphError("\(site) holds no floats to put dropout on")
    }
    let parameters =
      dropout.kind.target.isParameter
      ? producer(of: site).flatMap { maker in
        nodes[maker].result == site
          ? self.parameters(of: maker, for: dropout.kind.target) : nil
      } : nil
    return try DropoutForm(
      dropout, at: site, named: producer(of: site).map { nodes[$0].name } ?? site,
      holding: info(site), layout: { [network] in network.layout(of: site, shape: $0) },
      parameters: parameters, opset: original.opset)
  }

  private mutating func insert(_ new: [Node], behind value: String) {
    insert(new, after: producer(of: value))
  }

  /// A Dropout node on a value.
  private mutating func elements(
    _ name: String, _ edge: (clean: String, result: String), _ rate: Rate
  ) -> [Node] {
    [dropout(name, reading: edge.clean, making: edge.result, rate)]
  }

  /// Ones in the value's shape, but of size 1 along the shared axes and so whatever the batch, made
  /// noise of and multiplied with the value: × 1 at evaluation.
  private mutating func noise(
    _ name: String, for site: String, _ edge: (clean: String, result: String), axes: [Bool],
    _ type: ElementType, _ rate: Rate
  ) -> [Node] {
    let (shape, noiseShape) = (free("\(site)_shape"), free("\(site)_noise_shape"))
    let (ones, noise) = (free("\(site)_ones"), free("\(site)_noise"))
    let shared = constant("\(name).shared", .bool(NDArray([axes.count], axes)))
    let one = constant("\(name).one", .int64(NDArray([1], [1])))
    let dropout = dropout(name, reading: ones, making: noise, rate)
    return [
      Node("Shape", inputs: [edge.clean], outputs: [shape]),
      Node("Where", inputs: [shared, one, shape], outputs: [noiseShape]),
      Node(
        "ConstantOfShape", inputs: [noiseShape], outputs: [ones],
        attributes: ["value": .tensor(GraphEdit.number(1, type, shape: [1]))]),
      dropout,
      Node(
        name: edge.result == "\(site)_dropped" ? edge.result : free("\(site)_dropped"), "Mul",
        inputs: [edge.clean, noise], outputs: [edge.result]),
    ]
  }

  /// Dropout of an input of the node that makes a value.
  private mutating func drop(_ input: Int, of site: String, rate: Rate) {
    guard let maker = producer(of: site) else { return }
    let (parameters, dropped) = rename(input, of: maker)
    let node = dropout(dropped, reading: parameters, making: dropped, rate)
    insert(node, after: predecessor(of: maker))
  }

  /// Dropout of the rows of a table: noise of ones, one for each, times the table.
  private mutating func dropRows(
    _ input: Int, of site: String, count: Int, _ type: ElementType, rate: Rate
  ) {
    guard let maker = producer(of: site) else { return }
    let (table, dropped) = rename(input, of: maker)
    let noise = free("\(table)_noise")
    let ones = constant("\(dropped).ones", GraphEdit.number(1, type, shape: [count, 1]))
    let dropout = dropout(dropped, reading: ones, making: noise, rate)
    let before = predecessor(of: maker)
    insert(
      [
        dropout,
        Node(name: "\(dropped)_rows", "Mul", inputs: [table, noise], outputs: [dropped]),
      ], after: before)
  }

  /// Has a node read something new in place of an input.
  private mutating func rename(_ input: Int, of maker: Int) -> (old: String, new: String) {
    var names = nodes[maker].inputs
    let old = names[input]
    let new = free("\(old)_dropout")
    names[input] = new
    setInputs(maker, names)
    return (old, new)
  }

  /// A Dropout node in the wire form of the graph's operator set: the ratio an input since 12, an
  /// attribute before; up to 6 evaluation had to be asked for.
  private mutating func dropout(
    _ name: String, reading input: String, making output: String, _ rate: Rate
  ) -> Node {
    var node = Node(name: name, DropoutOperator.opType, inputs: [input], outputs: [output])
    if original.opset >= 12 {
      node.inputs.append(constant("\(name).ratio", GraphEdit.number(Float(rate.p), .float32)))
    } else {
      node.attributes["ratio"] = .float(Float(rate.p))
      if original.opset < 7 { node.attributes["is_test"] = .int(1) }
    }
    return node
  }

  /// A number of a float type.
  static func number(_ x: Float, _ type: ElementType, shape: Shape = []) -> Value {
    let value = Value.float32(Tensor(shape, repeating: x))
    return (try? Value(value, as: type)) ?? value
  }
}

// MARK: - The model's own dropout

extension GraphEdit {
  /// Lets dropout of the model's own do nothing, in training either, while every value that others read
  /// keeps its name: a Dropout node becomes an Identity node, random operators that drop become one.
  /// - Parameter outputs: the dropouts, by the `output` of each; nil for all
  public mutating func disableDropout(_ outputs: Set<String>? = nil) {
    for pattern in network.patterns where outputs?.contains(pattern.output) ?? true {
      disable(pattern, stays: true)
    }
  }

  /// Takes dropout of the model's own away: its nodes, and what only they read. Its readers read the
  /// value it dropped from. A Dropout node whose mask is read stays, at a rate of 0.
  /// - Parameter outputs: the dropouts, by the `output` of each
  public mutating func removeDropout(_ outputs: Set<String>) {
    for pattern in network.patterns where outputs.contains(pattern.output) {
      disable(pattern, stays: false)
    }
  }

  private mutating func disable(_ pattern: DropoutPattern, stays: Bool) {
    let node = nodes[pattern.index]
    // Without a drop the mask is all true.
    if pattern.form != .random, hasReadMask(pattern) {
      setRatio(pattern.index, Rate(clamping: 0))
    } else if pattern.form != .random, stays {
      // Noise of ones is left as it is.
      pass(
        node.inputs[0], as: node.outputs[0], named: node.name, after: pattern.index, stays: true)
      delete([pattern.index])
    } else {
      let edge = edge(of: pattern)
      pass(edge.clean, as: edge.result, named: node.name, after: pattern.last, stays: stays)
      delete(pattern.parts)
    }
  }

  /// The value a dropout acts on and what it makes of it, as they are called by now.
  private func edge(of pattern: DropoutPattern) -> (clean: String, result: String) {
    (nodes[pattern.siteAt.node].inputs[pattern.siteAt.input], nodes[pattern.last].outputs[0])
  }

  private func hasReadMask(_ pattern: DropoutPattern) -> Bool {
    nodes[pattern.index].outputs.dropFirst().contains { !$0.isEmpty && !isUnread($0) }
  }

  /// Gives dropout of the model's own another rate. Random operators keep their form: the constants
  /// that stand for the rate change.
  /// - Parameter output: the dropout, by its `output`
  /// - Throws: `GraphError` where there is none, or its rate stands in no constants.
  public mutating func setRate(_ rate: Rate, of output: String) throws(GraphError) {
    let pattern = try pattern(output)
    guard case .random = pattern.form else { return setRatio(pattern.index, rate) }
    let name = nodes[pattern.index].name
    guard !pattern.settings.isEmpty else {
      throw GraphError(node: name, "its rate stands in no constants that could be changed")
    }
    guard Float(rate.p) < 1 else {
      throw GraphError(node: name, "expected a rate below 1, found \(rate.p)")
    }
    for setting in pattern.settings {
      let value = setting.value(rate: rate)
      let number = GraphEdit.number(value, setting.type, shape: setting.shape)
      setConstant(
        setting.node, input: setting.input, number, named: "\(name).\(setting.role.rawValue)")
    }
  }

  /// Puts dropout of another kind in the place of dropout of the model's own, under the names of its
  /// node and its result.
  /// - Parameter output: the dropout, by its `output`
  /// - Throws: `GraphError` where there is none, its mask is read, or the kind cannot act there or
  ///   cannot be expressed in ONNX.
  public mutating func replaceDropout(
    _ output: String, by dropout: Dropout
  ) throws(GraphError) {
    let pattern = try pattern(output)
    let node = nodes[pattern.index]
    if pattern.form == .node, dropout.kind is ElementDropout, GraphEdit.canSay(dropout) {
      return setRatio(pattern.index, dropout.rate)
    }
    guard pattern.form == .random || !hasReadMask(pattern) else {
      throw GraphError(node: node.name, "its mask is read, which \(dropout.kind.name) has none of")
    }
    let edge = edge(of: pattern)
    guard let form = try form(dropout, at: edge.clean), !dropout.kind.target.isParameter else {
      return disable(pattern, stays: false)
    }
    let place = pass(
      edge.clean, as: edge.result, named: node.name, after: pattern.last, stays: true)
    delete(pattern.parts)
    if case .shared(let axes, let type) = form {
      let new = noise(node.name, for: edge.clean, edge, axes: axes, type, dropout.rate)
      insert(new, after: place)
    } else {
      insert(elements(node.name, edge, dropout.rate), after: place)
    }
    delete([place])
  }

  /// Gives dropout at a site another rate, or puts dropout of elements there where none was.
  ///
  /// A site that dropout makes, or a value that dropout alone reads, is one that has some.
  /// - Parameter site: a node's name, or a value's
  /// - Throws: `GraphError` where there is no such site.
  public mutating func setRate(_ rate: Rate, at site: String) throws(GraphError) {
    guard let value = original.value(named: site) else {
      let names = original.inputs.map(\.name) + original.nodes.map(\.name)
      throw GraphError("rate: expected one of \(names.joined(separator: ", ")), found \(site)")
    }
    let above = network.patterns.filter { $0.site == value }
    let isOnlyDropped =
      above.count == 1
      && original.readers(of: value).allSatisfy { network.role(of: $0) == .dropout }
    if let there = network.patterns.first(where: { $0.output == value || $0.result == value })
      ?? (isOnlyDropped ? above.first : nil)
    {
      return try setRate(rate, of: there.output)
    }
    try add(Dropout(ElementDropout(), rate: rate), at: value, named: "\(value).dropout")
  }

  private func pattern(_ output: String) throws(GraphError) -> DropoutPattern {
    guard let pattern = network.patterns.first(where: { $0.output == output }) else {
      let names = network.patterns.map { original.nodes[$0.index].name }
      throw GraphError(
        "expected dropout of the model's own "
          + "(\(names.isEmpty ? "none here" : names.joined(separator: ", "))), found \(output)")
    }
    return pattern
  }

  /// Sets the ratio of a Dropout node, in the type it had.
  private mutating func setRatio(_ index: Int, _ rate: Rate) {
    guard original.opset >= 12 else {
      return setAttribute(index, "ratio", .float(Float(rate.p)))
    }
    let old = nodes[index].inputs.dropFirst().first
    let type = old.flatMap { constants[$0]?.type } ?? .float32
    setConstant(
      index, input: 1, GraphEdit.number(Float(rate.p), type.isFloat ? type : .float32),
      named: "\(nodes[index].outputs[0]).ratio")
  }
}

extension Graph {
  /// The graph with dropout on edges as nodes of its own: see `GraphEdit.add`.
  /// - Parameter placements: dropouts by the value they act on, one a value at most
  /// - Throws: what `GraphEdit.add` throws.
  public func adding(
    _ placements: [(site: String, dropout: Dropout)]
  ) throws(GraphError) -> Graph {
    try edited { edit throws(GraphError) in
      for (site, dropout) in placements { try edit.add(dropout, at: site) }
    }
  }
}
