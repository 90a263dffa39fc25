public import TensorCore

/// The names of the axes of a network's values, and who disagrees about them.
///
/// Names come, in this order, from the user, from what the file calls its inputs' sizes, from what
/// operators read and make, from what they expect; each kind flows through the graph, both ways, as far
/// as axes stay the same, before the next is asked, and a name that is there is never replaced. What is
/// left after that is called by habit, and marked as a guess.
public struct AxisInference: Sendable {
  /// The axes of each value that is no constant and whose shape is known, by name.
  public let names: ValueTable<[Axis]>
  /// Who takes an axis for something else than it is called.
  public let conflicts: [Conflict]

  /// An axis that is called one thing and taken for another.
  public struct Conflict: Equatable, Sendable, CustomStringConvertible {
    /// The value.
    public var value: String
    /// What the user calls it: its node's name or its own.
    public var label: String
    /// The axis, from 0.
    public var axis: Int
    /// What it is called.
    public var name: Axis.Name
    /// What it is taken for.
    public var other: Axis.Name
    /// The node that takes it for that.
    public var node: String

    public var description: String {
      "axis \(axis) of \(label) is \(name), and \(node) takes it for \(other)"
    }
  }

  /// What an operator says of an axis.
  private struct Saying {
    var axis: Int
    var name: Axis.Name
    var node: Int
  }

  /// Works out the names. O(nodes and their inputs).
  /// - Parameter signature: shapes that say which axes reshapes keep: sizes that were left open should
  ///   not be 1, and not equal
  public init(_ network: Network, _ signature: Network.Signature) {
    var builder = Builder(network, signature)
    builder.relate()
    var flow = builder.flow
    for (value, axes) in network.graph.axisNames {
      guard let range = builder.range(of: value), range.count == axes.count else { continue }
      for (axis, name) in zip(range, axes) { flow.name(axis, name.name) }
    }
    flow.settle()
    for input in network.graph.inputs {
      guard let range = builder.range(of: input.name), range.count == input.dimNames.count else {
        continue
      }
      for (axis, text) in zip(range, input.dimNames) {
        let name = text.flatMap { Axis.Name(dimName: $0, isFloat: input.type.isFloat) }
        if let name { flow.name(axis, name) }
      }
    }
    flow.settle()
    for sayings in [builder.certain, builder.expected] {
      for saying in sayings { flow.name(saying.axis, saying.name) }
      flow.settle()
    }
    let certain = flow.names
    builder.guess(&flow)

    var names = ValueTable<[Axis]>(network.graph.index)
    for (value, range) in builder.order {
      names[value] = range.map { axis in
        flow.names[axis].map { Axis($0, isGuess: certain[axis] == nil) } ?? .unknown
      }
    }
    self.names = names
    conflicts = builder.conflicts(certain, flow)
  }
}

extension AxisInference {
  /// The relations of a network's axes, and what its operators say of them.
  private struct Builder {
    let network: Network
    let signature: Network.Signature
    var flow = AxisFlow()
    /// The values that have axes here, in the graph's order.
    var order: [(value: Int, axes: Range<Int>)] = []
    /// The axes of each value by number; nil where they are not known.
    private var ranges: [Range<Int>?]
    /// Whether each value is the same whatever the inputs.
    private var isConstant: [Bool]
    var certain: [Saying] = []
    var expected: [Saying] = []

    init(_ network: Network, _ signature: Network.Signature) {
      (self.network, self.signature) = (network, signature)
      let (inputs, constants) = (network.graph.inputs.count, network.graph.constants.count)
      let count = network.graph.index.names.count
      ranges = Array(repeating: nil, count: count)
      isConstant = (0..<count).map { (inputs..<inputs + constants).contains($0) }
    }

    func range(of value: String) -> Range<Int>? {
      network.graph.index.numbers[value].flatMap { ranges[$0] }
    }

    private mutating func add(_ value: Int) {
      guard let info = signature.values[value], ranges[value] == nil else { return }
      let range = flow.add(info.shape)
      order.append((value, range))
      ranges[value] = range
    }

    mutating func relate() {
      let graph = network.graph
      for number in graph.inputs.indices { add(number) }
      for index in graph.nodes.indices {
        let makes = graph.index.makes[index].compactMap { $0 }
        if makesConstants(index) {
          for number in makes { isConstant[number] = true }
          continue
        }
        for number in makes {
          if signature.values[number]?.constant != nil {
            isConstant[number] = true
          } else {
            add(number)
          }
        }
        if let rule = rule(index) { relate(index, rule) }
      }
    }

    /// What a node reads itself.
    private func reads(_ index: Int) -> ArraySlice<Int?> {
      network.graph.index.reads[index].prefix(network.graph.nodes[index].inputs.count)
    }

    /// Whether a node's results are the same whatever the inputs.
    private func makesConstants(_ index: Int) -> Bool {
      let reads = reads(index)
      guard !reads.isEmpty else { return network.graph.nodes[index].opType == Constant.opType }
      return reads.allSatisfy { $0.map { isConstant[$0] } ?? true }
    }

    private func rule(_ index: Int) -> AxisRule? {
      guard let operation = try? network.operators[index].get() else { return nil }
      var inputs: [ValueInfo?] = []
      for number in reads(index) {
        guard let number else {
          inputs.append(nil)
          continue
        }
        guard var info = signature.values[number]?.computed else { return nil }
        // What is made of constants is one, though its numbers may not have been worked out.
        if info.constant == nil, isConstant[number] {
          info.constant = .opaque(info.type, info.shape)
        }
        inputs.append(info)
      }
      var outputs: [ValueInfo] = []
      // What is shown of a node's graphs stands behind outputs that may be left out.
      let leftOut = network.graph.nodes[index].shown.isEmpty ? nil : ValueInfo([])
      for number in network.graph.index.makes[index] {
        guard let info = number.map({ signature.values[$0] }) ?? leftOut else { break }
        outputs.append(info)
      }
      guard !outputs.isEmpty else { return nil }
      return operation.axes(
        of: Inputs(network.graph.nodes[index].opType, inputs), outputs: outputs)
    }

    private mutating func relate(_ index: Int, _ rule: AxisRule) {
      let reads = reads(index)
      func axis(_ place: AxisRule.Place) -> Int? {
        guard place.input < reads.count,
          let range = reads[reads.startIndex + place.input].flatMap({ ranges[$0] }),
          place.axis < range.count
        else { return nil }
        return range.lowerBound + place.axis
      }
      for (number, origins) in zip(network.graph.index.makes[index], rule.outputs) {
        guard let range = number.flatMap({ ranges[$0] }), range.count == origins.count else {
          continue
        }
        for (output, origin) in zip(range, origins) {
          switch origin {
          case .axes(let places):
            flow.relate(output, to: places.compactMap(axis), isMerge: false, node: index)
          case .merged(let places):
            let axes = places.compactMap(axis)
            guard axes.count == places.count else { continue }
            flow.relate(output, to: axes, isMerge: true, node: index)
          case .named(let name): certain.append(Saying(axis: output, name: name, node: index))
          case .unknown: break
          }
        }
      }
      func sayings(_ read: [Int: [Axis.Name?]]) -> [Saying] {
        read.sorted { $0.key < $1.key }.flatMap { input, names in
          names.enumerated().compactMap { number, name in
            guard let name, let axis = axis(.init(input, number)) else { return nil }
            return Saying(axis: axis, name: name, node: index)
          }
        }
      }
      certain += sayings(rule.reads)
      expected += sayings(rule.expects)
    }

    /// Names what is left by habit, value by value, each guess flowing on before the next is made.
    func guess(_ flow: inout AxisFlow) {
      for (number, input) in network.graph.inputs.enumerated() {
        guard let range = ranges[number], let names = AxisHabit.order(sizes: input.dims),
          zip(flow.names[range], names).allSatisfy({ $0 == nil || $0 == $1 })
        else { continue }
        var guessed: [Int] = []
        for (axis, name) in zip(range, names) where flow.name(axis, name) { guessed.append(axis) }
        flow.spread(from: guessed)
      }
      for (value, range) in order where flow.names[range].contains(nil) {
        let isFloat = signature.values[value]?.type.isFloat ?? true
        guard let names = AxisHabit.order(for: flow.names[range], isFloat: isFloat) else {
          continue
        }
        var guessed: [Int] = []
        for (axis, name) in zip(range, names) where flow.name(axis, name) { guessed.append(axis) }
        flow.spread(from: guessed)
      }
    }

    /// Where what is certain does not agree with what an operator says or with an axis that is the same.
    func conflicts(_ certain: [Axis.Name?], _ flow: AxisFlow) -> [Conflict] {
      var found: [(axis: Int, other: Axis.Name, node: Int)] = []
      for saying in self.certain {
        guard let name = certain[saying.axis], !name.goes(with: saying.name) else { continue }
        found.append((saying.axis, saying.name, saying.node))
      }
      for relation in flow.relations where !relation.isMerge {
        guard let name = certain[relation.output] else { continue }
        for source in flow.sources(of: relation) {
          guard let own = certain[source], !own.goes(with: name),
            flow.size(of: source) == flow.size(of: relation.output)
          else { continue }
          found.append((source, name, relation.node))
        }
      }
      guard !found.isEmpty else { return [] }
      // The axes of values follow each other, so the value of an axis is found by bisection.
      return found.sorted { ($0.node, $0.axis) < ($1.node, $1.axis) }.compactMap { found in
        var (low, high) = (0, order.count)
        while low < high {
          let middle = (low + high) / 2
          if order[middle].axes.upperBound <= found.axis { low = middle + 1 } else { high = middle }
        }
        guard low < order.count, let name = certain[found.axis] else { return nil }
        let value = network.graph.index.names[order[low].value]
        return Conflict(
          value: value, label: network.graph.producer(of: value)?.name ?? value,
          axis: found.axis - order[low].axes.lowerBound, name: name,
          other: found.other, node: network.graph.nodes[found.node].name)
      }
    }
  }
}

extension Axis.Name {
  /// Whether an axis may be called both: what is numbered at each place is a channel or a feature, and
  /// the cells of one dimension are columns, times or tokens.
  fileprivate func goes(with other: Axis.Name) -> Bool {
    self == other || sort != 0 && sort == other.sort
  }

  private var sort: Int {
    switch self {
    case .channel, .feature: 1
    case .column, .time, .token: 2
    default: 0
    }
  }
}
