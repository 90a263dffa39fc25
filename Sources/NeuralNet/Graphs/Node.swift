/// One step of a graph as the file has it: an operator's name, its attributes, and its inputs and
/// outputs by name.
public struct Node: Equatable, Sendable {
  /// The node's name; where the file gives none, its first output's name.
  public var name: String
  /// The ONNX operator: `Conv`, `Relu`, …
  public var opType: String
  /// The operator set's domain; empty for ONNX's own.
  public var domain: String
  /// Names of the values it reads; an empty name is an optional input left out.
  public var inputs: [String]
  /// Names of the values it makes; an empty name is an optional output nobody wants.
  public var outputs: [String]
  /// The attributes by name.
  public var attributes: [String: Attribute]
  /// Names of outer values that the node's bodies read (If, Loop, Scan), beside `inputs`.
  public var bodyReads: [String]
  /// What the bodies themselves call these values: an edit may give a value another name.
  let bodyNames: [String]
  /// What the node does where its operator is a function of the model's own; nil for all others.
  public var function: Body?
  /// Which node of the graph's `document` it is; nil for a node that was added.
  public var origin: Int?

  /// A node with the parts given.
  public init(
    name: String = "", _ opType: String, domain: String = "", inputs: [String], outputs: [String],
    attributes: [String: Attribute] = [:], bodyReads: [String] = [], origin: Int? = nil
  ) {
    (self.bodyReads, bodyNames, self.origin) = (bodyReads, bodyReads, origin)
    self.name = name.isEmpty ? outputs.first { !$0.isEmpty } ?? "" : name
    (self.opType, self.domain) = (opType, domain)
    (self.inputs, self.outputs, self.attributes) = (inputs, outputs, attributes)
  }
}

extension Node {
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
