public import TensorCore

/// A graph that cannot be built or run, said in one line.
public struct GraphError: Error, Equatable, CustomStringConvertible {
  /// The node it happened at, where there is one.
  public var node: String?
  /// What is wrong.
  public var message: String
  /// Whether it failed for want of memory or took too much work, and not because what it was given makes no sense.
  public var exceedsBudget = false

  /// An error at a node, or in the graph as a whole.
  public init(node: String? = nil, _ message: String) {
    (self.node, self.message) = (node, message)
  }

  /// A tensor operation that failed at a node.
  public init(node: String? = nil, _ error: TensorError) {
    self.init(node: node, error.description)
    exceedsBudget = error.exceedsBudget
  }

  public var description: String { node.map { "node \($0): \(message)" } ?? message }
}
