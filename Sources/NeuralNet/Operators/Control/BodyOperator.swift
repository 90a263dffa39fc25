import TensorCore

/// An operator that runs bodies: behind its inputs it is handed the values around it that they read, in the
/// order of `Node.bodyReads`, all in the types they have in the graph.
public protocol BodyOperator: WholeValueOperator, AxisFreeOperator {
  /// How many inputs the node has of its own, and what its bodies call what they read besides.
  var outer: OuterValues { get }
}

/// What stands behind a node's own inputs.
public struct OuterValues: Sendable {
  /// How many inputs are the node's own.
  let own: Int
  private let names: [String]

  init(_ node: NodeReader) { (own, names) = (node.node.inputs.count, node.node.bodyNames) }

  /// What bodies read, by name.
  func named<Item>(_ inputs: Inputs<Item>) -> [String: Item] {
    var named: [String: Item] = [:]
    for (place, name) in names.enumerated() { named[name] = inputs.optional(own + place) }
    return named
  }
}

extension BodyOperator {
  public static var reading: OperatorReading { .wholeValuesAndBodies }

  /// What bodies take is asked for step by step.
  public func price(_ inputs: Inputs<Value>) -> Price { Price(bytes: 0) }
}

/// An operator into whose bodies one can look: what is shown inside is outputs of its more, and dropouts act
/// inside. Behind its own results `forward` gives what is shown of each body, in the order of the bodies'
/// names, and then what the dropouts in each drew.
protocol OpenableOperator: BodyOperator {
  /// Whether a body is run again and again: what is shown inside is stacked over the turns.
  static var takesTurns: Bool { get }
  /// How many outputs a node with such a body can have.
  static func outputs(of body: Body) -> Int
  /// What its node is for, where that is told by what it does at last; nil where it is not.
  var roleInside: OperatorRole? { get }
  /// The operator with dropouts inside, each in the body of that name.
  func placing(_ placements: [(body: String, placement: Placement)]) -> Self
}

extension OpenableOperator {
  static func outputs(of body: Body) -> Int { body.graph.outputs.count }
  var roleInside: OperatorRole? { nil }
}

extension OperatorProvider {
  /// Whether what the graphs of a node make can be shown.
  func opens(_ node: Node) -> Bool { type(of: node) is any OpenableOperator.Type }

  /// Whether a node runs its graph again and again.
  func repeats(_ node: Node) -> Bool {
    (type(of: node) as? any OpenableOperator.Type)?.takesTurns ?? false
  }

  /// How many outputs a node that holds graphs can have.
  func outputs(of node: Node) -> Int {
    guard let type = type(of: node) as? any OpenableOperator.Type, let body = node.bodies.first
    else { return node.outputs.count }
    return type.outputs(of: body.body)
  }
}
