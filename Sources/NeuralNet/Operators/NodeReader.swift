public import TensorCore

/// A node's attributes, read with their types and defaults, and the operator set they obey.
public struct NodeReader: Sendable {
  /// The node.
  public let node: Node
  /// The version of the operator set.
  public let opset: Int

  /// Reads `node` under operator set `opset`.
  public init(_ node: Node, opset: Int) { (self.node, self.opset) = (node, opset) }

  /// Whether the node has the attribute.
  public func has(_ name: String) -> Bool { node.attributes[name] != nil }

  /// A whole number. - Throws: `TensorError` where the attribute is of another type.
  public func int(_ name: String, default fallback: Int) throws(TensorError) -> Int {
    switch node.attributes[name] {
    case nil: return fallback
    case .int(let value): return value
    case let other?: throw wrongType(name, "an int", other)
    }
  }

  /// A number. - Throws: `TensorError` where the attribute is of another type.
  public func float(_ name: String, default fallback: Float) throws(TensorError) -> Float {
    switch node.attributes[name] {
    case nil: return fallback
    case .float(let value): return value
    case let other?: throw wrongType(name, "a float", other)
    }
  }

  /// Text. - Throws: `TensorError` where the attribute is of another type.
  public func string(_ name: String, default fallback: String) throws(TensorError) -> String {
    switch node.attributes[name] {
    case nil: return fallback
    case .string(let value): return value
    case let other?: throw wrongType(name, "a string", other)
    }
  }

  /// Whole numbers, nil where absent. - Throws: `TensorError` where it is of another type.
  public func ints(_ name: String) throws(TensorError) -> [Int]? {
    switch node.attributes[name] {
    case nil: return nil
    case .ints(let values): return values
    case let other?: throw wrongType(name, "ints", other)
    }
  }

  /// Numbers, nil where absent. - Throws: `TensorError` where it is of another type.
  public func floats(_ name: String) throws(TensorError) -> [Float]? {
    switch node.attributes[name] {
    case nil: return nil
    case .floats(let values): return values
    case let other?: throw wrongType(name, "floats", other)
    }
  }

  /// Texts, nil where absent. - Throws: `TensorError` where it is of another type.
  public func strings(_ name: String) throws(TensorError) -> [String]? {
    switch node.attributes[name] {
    case nil: return nil
    case .strings(let values): return values
    case let other?: throw wrongType(name, "strings", other)
    }
  }

  /// An array, nil where absent. - Throws: `TensorError` where it is of another type.
  public func tensor(_ name: String) throws(TensorError) -> Value? {
    switch node.attributes[name] {
    case nil: return nil
    case .tensor(let value): return value
    case let other?: throw wrongType(name, "a tensor", other)
    }
  }

  /// A graph of its own. - Throws: `TensorError` where there is none.
  public func body(_ name: String) throws(TensorError) -> Body {
    switch node.attributes[name] {
    case nil:
      throw TensorError("\(node.opType) attribute \(name)", expected: "a graph", found: "none")
    case .graph(let body): return body
    case let other?: throw wrongType(name, "a graph", other)
    }
  }

  private func wrongType(_ name: String, _ expected: String, _ found: Attribute) -> TensorError {
    TensorError("\(node.opType) attribute \(name)", expected: expected, found: "\(found)")
  }
}
