/// One step of a graph as the file has it: an operator's name, its attributes, and its inputs and
/// outputs by name.
public struct Node: Equatable, Sendable {
  /// What it says, shared by its copies: graphs hand nodes around by the hundred thousand.
  private var shared: Shared

  private struct Parts: Equatable {
    var (name, opType, domain): (String, String, String)
    var (inputs, outputs): ([String], [String])
    var attributes: [String: Attribute]
    var (bodyReads, bodyNames): ([String], [String])
    var function: Body?
    var origin: Int?
    var shown: [InnerValue] = []
    var unopened: [String]?

    init(
      _ name: String, _ opType: String, _ domain: String, _ inputs: [String], _ outputs: [String],
      _ attributes: [String: Attribute], _ bodyReads: [String], _ origin: Int?
    ) {
      (self.name, self.opType, self.domain) = (name, opType, domain)
      (self.inputs, self.outputs, self.attributes) = (inputs, outputs, attributes)
      (self.bodyReads, bodyNames, self.origin) = (bodyReads, bodyReads, origin)
    }

    static func == (a: Parts, b: Parts) -> Bool {
      a.name == b.name && a.opType == b.opType && a.domain == b.domain && a.inputs == b.inputs
        && a.outputs == b.outputs && a.attributes == b.attributes && a.bodyReads == b.bodyReads
        && a.bodyNames == b.bodyNames && a.function == b.function && a.origin == b.origin
        && a.shown == b.shown && a.unopened == b.unopened
    }
  }

  private final class Shared: Sendable {
    let parts: Parts

    init(_ parts: Parts) { self.parts = parts }
  }

  private mutating func change(_ change: (inout Parts) -> Void) {
    var parts = shared.parts
    change(&parts)
    shared = Shared(parts)
  }

  /// A node with the parts given.
  public init(
    name: String = "", _ opType: String, domain: String = "", inputs: [String], outputs: [String],
    attributes: [String: Attribute] = [:], bodyReads: [String] = [], origin: Int? = nil
  ) {
    let name = name.isEmpty ? outputs.first { !$0.isEmpty } ?? "" : name
    shared = Shared(Parts(name, opType, domain, inputs, outputs, attributes, bodyReads, origin))
  }

  public static func == (a: Node, b: Node) -> Bool {
    a.shared === b.shared || a.shared.parts == b.shared.parts
  }

  /// The node's name; where the file gives none, its first output's name.
  public var name: String {
    get { shared.parts.name }
    set { change { $0.name = newValue } }
  }
  /// The ONNX operator: `Conv`, `Relu`, …
  public var opType: String {
    get { shared.parts.opType }
    set { change { $0.opType = newValue } }
  }
  /// The operator set's domain; empty for ONNX's own.
  public var domain: String {
    get { shared.parts.domain }
    set { change { $0.domain = newValue } }
  }
  /// Names of the values it reads; an empty name is an optional input left out.
  public var inputs: [String] {
    get { shared.parts.inputs }
    set { change { $0.inputs = newValue } }
  }
  /// Names of the values it makes; an empty name is an optional output nobody wants.
  public var outputs: [String] {
    get { shared.parts.outputs }
    set { change { $0.outputs = newValue } }
  }
  /// The attributes by name.
  public var attributes: [String: Attribute] {
    get { shared.parts.attributes }
    set { change { $0.attributes = newValue } }
  }
  /// Names of outer values that the node's bodies read (If, Loop, Scan), beside `inputs`.
  public var bodyReads: [String] {
    get { shared.parts.bodyReads }
    set { change { $0.bodyReads = newValue } }
  }
  /// What the bodies themselves call these values: an edit may give a value another name.
  var bodyNames: [String] { shared.parts.bodyNames }
  /// What the node does where its operator is a function of the model's own; nil for all others.
  public var function: Body? {
    get { shared.parts.function }
    set { change { $0.function = newValue } }
  }
  /// Which node of the graph's `document` it is; nil for a node that was added.
  public var origin: Int? {
    get { shared.parts.origin }
    set { change { $0.origin = newValue } }
  }
  /// Values inside its graphs that are seen around it: the last of its outputs.
  public private(set) var shown: [InnerValue] {
    get { shared.parts.shown }
    set { change { $0.shown = newValue } }
  }
  /// The outputs that it has without them.
  private var unopened: [String]? {
    get { shared.parts.unopened }
    set { change { $0.unopened = newValue } }
  }
}

extension Node {
  /// The graphs that it holds, by the names of their attributes, or the function of the model's own that it
  /// calls.
  public var bodies: [(name: String, body: Body)] {
    if let function { return [(function.graph.name, function)] }
    return attributes.compactMap { name, attribute in attribute.body.map { (name, $0) } }
      .sorted { $0.0 < $1.0 }
  }

  /// Gives the node another graph in place of one that it holds.
  mutating func replace(_ name: String, with body: Body) {
    if function == nil { attributes[name] = .graph(body) } else { function = body }
  }

  /// Makes an inner value one of its outputs, behind the first `own` of its operator's own. Values of one
  /// body stand together, in the order of `bodies`.
  mutating func show(_ inner: InnerValue, behind own: Int) {
    let declared = unopened ?? outputs
    let order = bodies.map(\.name)
    func place(_ value: InnerValue) -> Int { order.firstIndex(of: value.body) ?? order.count }
    unopened = declared
    shown.append(inner)
    // Sorting is stable.
    shown.sort { place($0) < place($1) }
    let left = max(0, own - declared.count)
    outputs = declared + Array(repeating: "", count: left) + shown.map(\.name)
  }

  /// The node without them.
  var closed: Node {
    guard let unopened else { return self }
    var node = self
    (node.outputs, node.shown, node.unopened) = (unopened, [], nil)
    return node
  }

  /// The first value it makes that anybody wants: what the node is called by where its first output is
  /// left out, as of a recurrent layer of which the last state is all that is read.
  public var result: String? { outputs.first { !$0.isEmpty } }
}

/// A constant setting of a node.
public enum Attribute: Equatable, Sendable {
  /// A whole number.
  case int(Int)
  /// A number.
  case float(Float)
  /// Text.
  case string(String)
  /// Whole numbers.
  case ints([Int])
  /// Numbers.
  case floats([Float])
  /// Texts.
  case strings([String])
  /// An array.
  case tensor(Value)
  /// A graph of its own.
  indirect case graph(Body)
  /// Something this program does not read (several graphs, a sparse tensor), by ONNX's name for it.
  case unsupported(String)
}

extension Attribute {
  /// The graph that it is; nil for all else.
  public var body: Body? { if case .graph(let body) = self { body } else { nil } }
}
