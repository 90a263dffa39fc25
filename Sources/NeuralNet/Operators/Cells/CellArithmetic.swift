public import TensorCore

/// The arithmetic of one cell of a run, in full: what made it, number by number, and what the
/// element-wise operators after that made of it.
///
/// Sums are worked out anew in double precision from the run's own numbers; operators that take one
/// element to another are asked for their result, which is single precision as theirs is.
public struct CellArithmetic: Equatable, Sendable {
  /// The place of the cell: channel, row and column in the first sample of a value, as
  /// `Network.layout(of:shape:)` lays it out.
  public struct Place: Hashable, Sendable {
    /// The channel, or the unit of a dense layer.
    public var channel: Int
    /// The row from the top.
    public var row: Int
    /// The column from the left.
    public var column: Int

    /// A place in the first sample.
    public init(channel: Int, row: Int = 0, column: Int = 0) {
      (self.channel, self.row, self.column) = (channel, row, column)
    }
  }

  /// What an element-wise operator made of the number before it.
  public struct Step: Equatable, Sendable {
    /// The node's name.
    public let node: String
    /// Its operator.
    public let opType: String
    /// The constant it was combined with, where there is one: Add, Mul, …
    public let operand: Double?
    /// The number after it.
    public let value: Double
  }

  /// The name of the value the cell is of.
  public let value: String
  /// Where in it the cell lies.
  public let place: Place
  /// The name of the node that made the first number; of the value where it is the network's input.
  public let origin: String
  /// That node's operator; `Input` for the network's input.
  public let opType: String
  /// How the first number was made.
  public let source: CellSource
  /// What became of it, in the order of the graph; empty where the node made the cell itself.
  public let steps: [Step]
  /// The cell in the run: what the arithmetic has to come to.
  public let found: Float

  /// What the arithmetic comes to.
  public var result: Double { steps.last?.value ?? source.total }

  /// Whether it comes to what the run has: within 1e-5 of the largest number on the way, a sum
  /// counting with the sizes of its terms.
  public var agrees: Bool {
    let found = Double(found)
    guard found.isFinite, result.isFinite else {
      return found == Double(Float(result)) || found.isNaN && result.isNaN
    }
    let largest = steps.reduce(max(source.magnitude, abs(found))) { max($0, abs($1.value)) }
    return abs(result - found) <= 1e-5 * largest
  }

  /// Follows a cell from `value` up through element-wise operators to what made it.
  /// - Parameters:
  ///   - run: a run at evaluation, without placements, that holds the value and all above it
  ///   - layout: what the place is in; by default `[N,C,H,W]`, `[N,C,L]` or `[N,F]`
  /// - Throws: `GraphError` where the run has no such value or cell.
  public init(
    _ network: Network, _ run: Activations, value: String, at place: Place,
    in layout: Layout? = nil
  ) throws(GraphError) {
    precondition(run.masks.isEmpty, "the arithmetic is that of a run without dropout")
    guard let tensor = run.tensor(value) else {
      throw GraphError("the run holds no float32 called \(value)")
    }
    let layout = layout ?? network.layout(of: value, shape: tensor.shape)
    let offset = try CellArithmetic.offset(of: place, in: layout, called: value)
    (self.value, self.place, found) = (value, place, tensor[offset])

    var passed:
      [(node: Node, operation: any ElementwiseOperator, input: Int, inputs: Inputs<Value>)]
    passed = []
    var name = value
    while let maker = network.maker(of: name, in: run),
      let operation = maker.operation as? any ElementwiseOperator, let input = maker.onlyInput,
      case .float32(let before)? = maker.inputs.optional(input), before.count == tensor.count,
      !maker.isDrawn
    {
      passed.append((maker.node, operation, input, maker.inputs))
      name = maker.node.inputs[input]
    }

    let maker = network.maker(of: name, in: run)
    origin = maker?.node.name ?? name
    opType = maker?.node.opType ?? "Input"
    let own = Double(run.tensor(name)?[offset] ?? tensor[offset])
    do {
      let maker = maker.flatMap { maker in (maker.operation as? any CellMaker).map { (maker, $0) } }
      source =
        try maker.map { maker, operation throws(TensorError) in
          try operation.source(of: offset, maker.node, maker.inputs)
        } ?? .given(own)
      var x = source.total
      var steps: [Step] = []
      for (node, operation, input, inputs) in passed.reversed() {
        let made = try operation.element(x, of: input, at: offset, in: inputs)
        x = made.value
        steps.append(
          Step(node: node.name, opType: node.opType, operand: made.operand, value: made.value))
      }
      self.steps = steps
    } catch {
      throw GraphError(node: origin, error)
    }
  }

  private static func offset(
    of place: Place, in layout: Layout, called name: String
  ) throws(GraphError) -> Int {
    guard layout.n > 0, (0..<layout.c).contains(place.channel),
      (0..<layout.h).contains(place.row), (0..<layout.w).contains(place.column)
    else {
      let error = TensorError(
        name, expected: "a cell of \(layout)",
        found: "channel \(place.channel), row \(place.row), column \(place.column)")
      throw GraphError(error.description)
    }
    return layout.offset(n: 0, c: place.channel, y: place.row, x: place.column)
  }
}

extension Network {
  /// A node of which a run holds all inputs.
  fileprivate struct Maker {
    let node: Node
    let operation: any Operator
    let inputs: Inputs<Value>
    /// The one input of float32 that is not a constant; nil where there are more or none.
    let onlyInput: Int?

    /// Whether a draw decides what the node makes of its input: dropout that acts at evaluation.
    var isDrawn: Bool {
      (try? (operation as? DropoutOperator)?.acts(inputs, RunContext())) ?? false
    }
  }

  /// The node that makes a value as its first output; nil for inputs, constants and other outputs.
  fileprivate func maker(of value: String, in run: Activations) -> Maker? {
    guard let index = graph.nodes.firstIndex(where: { $0.outputs.first == value }),
      let operation = try? operators[index].get()
    else { return nil }
    let node = graph.nodes[index]
    let inputs = Inputs(
      node.opType, node.inputs.map { $0.isEmpty ? nil : run[$0]?.computed })
    let flowing = node.inputs.indices.filter {
      inputs.optional($0)?.type == .float32 && !isConstant(node.inputs[$0])
    }
    return Maker(
      node: node, operation: operation, inputs: inputs,
      onlyInput: flowing.count == 1 ? flowing[0] : nil)
  }

  private func isConstant(_ value: String) -> Bool {
    graph.constants[value] != nil || graph.producer(of: value)?.opType == Constant.opType
  }
}
