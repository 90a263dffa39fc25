import TensorCore

/// Trees of nodes that each compare one feature with a number, or look whether it is one of several.
struct DecisionTrees: Sendable {
  /// Where a branch leads.
  enum Branch: Sendable {
    case node(Int)
    case leaf(Int)
  }

  enum Test: Sendable {
    case atMost, below, atLeast, above, equal, other
    case member(Set<Float>)

    /// Those that compare, in the order of their numbers.
    static let comparisons: [Test] = [.atMost, .below, .atLeast, .above, .equal, .other]
    /// The words that older operators have for them.
    static let words = [
      "BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ",
    ]
  }

  struct Node: Sendable {
    var feature: Int
    var test: Test
    var bound: Float
    /// Where a number goes that passes the test, and where one that does not.
    var (yes, no): (Branch, Branch)
    /// Whether what is missing (NaN) counts as passing.
    var missingPasses: Bool

    func passes(_ x: Float) -> Bool {
      if x.isNaN, missingPasses { return true }
      return switch test {
      case .atMost: x <= bound
      case .below: x < bound
      case .atLeast: x >= bound
      case .above: x > bound
      case .equal: x == bound
      case .other: x != bound
      case .member(let numbers): numbers.contains(x)
      }
    }
  }

  /// What a leaf weighs for a target.
  struct Weight: Sendable {
    var target: Int
    var weight: Float
  }

  private let nodes: [Node]
  private let weights: [Weight]
  /// Where the weights of each leaf begin, and behind the last where they end.
  private let starts: [Int]
  let roots: [Branch]
  /// How many features are looked at.
  let features: Int
  var count: Int { nodes.count }
  /// Whether some leaf weighs less than nothing.
  var hasNegativeWeights: Bool { weights.contains { $0.weight < 0 } }
  /// The targets that leaves weigh.
  var targets: Set<Int> { Set(weights.map(\.target)) }

  /// Trees of these nodes and leaves.
  /// - Throws: `TensorError` where a branch or a root leads nowhere, or two to one node: with a single way to each
  ///   node, and none to a root, every walk comes to an end.
  init(
    _ nodes: [Node], leaves: [[Weight]], roots: [Branch], in opType: String
  ) throws(TensorError) {
    var reached = [Bool](repeating: false, count: nodes.count)
    for branch in nodes.flatMap({ [$0.yes, $0.no] }) + roots {
      switch branch {
      case .leaf(let index):
        guard leaves.indices.contains(index) else {
          throw TensorError(opType, expected: "a leaf of \(leaves.count)", found: "\(index)")
        }
      case .node(let index):
        guard nodes.indices.contains(index) else {
          throw TensorError(opType, expected: "a node of \(nodes.count)", found: "\(index)")
        }
        guard !reached[index] else {
          throw TensorError(opType, expected: "one way to node \(index)", found: "two")
        }
        reached[index] = true
      }
    }
    guard nodes.allSatisfy({ (0..<1 << 30).contains($0.feature) }) else {
      throw TensorError(opType, expected: "features of 0 to 2³⁰", found: "others")
    }
    (self.nodes, self.roots, weights) = (nodes, roots, leaves.flatMap { $0 })
    starts = leaves.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    features = (nodes.map(\.feature).max() ?? -1) + 1
  }

  /// The weights of the leaf that a sample comes to.
  func leaf(of x: UnsafeBufferPointer<Float>, from root: Branch) -> ArraySlice<Weight> {
    var branch = root
    while case .node(let index) = branch {
      let node = nodes[index]
      branch = node.passes(x[node.feature]) ? node.yes : node.no
    }
    guard case .leaf(let index) = branch else { return [] }
    return weights[starts[index]..<starts[index + 1]]
  }
}

/// What the leaves that a sample comes to make together: a score for each target.
struct TreeScores: Sendable {
  /// How the weights of several trees go together, by its number.
  enum Aggregate: Int {
    case average, sum, least, greatest
    /// The words that older operators have for it, in the same order.
    static let words = ["AVERAGE", "SUM", "MIN", "MAX"]
  }

  let trees: DecisionTrees
  let targets: Int
  private let aggregate: Aggregate

  /// - Throws: `TensorError` where leaves weigh targets that are not there.
  init(
    _ trees: DecisionTrees, targets: Int, _ aggregate: Aggregate, in opType: String
  ) throws(TensorError) {
    guard (1...1 << 28).contains(targets), trees.targets.allSatisfy((0..<targets).contains) else {
      throw TensorError(
        opType, expected: "targets of 0 to \(targets), and 2²⁸ at most",
        found: "\(trees.targets.max() ?? 0)")
    }
    (self.trees, self.targets, self.aggregate) = (trees, targets, aggregate)
  }

  func callAsFunction(_ x: UnsafeBufferPointer<Float>) -> [Float] {
    var scores = [Float](repeating: 0, count: targets)
    var isThere = [Bool](repeating: false, count: targets)
    for root in trees.roots {
      for weight in trees.leaf(of: x, from: root) {
        let (target, own) = (weight.target, weight.weight)
        switch aggregate {
        case .sum, .average: scores[target] += own
        case .least where isThere[target]: scores[target] = min(scores[target], own)
        case .greatest where isThere[target]: scores[target] = max(scores[target], own)
        case .least, .greatest: scores[target] = own
        }
        isThere[target] = true
      }
    }
    guard aggregate == .average else { return scores }
    return scores.map { $0 / Float(trees.roots.count) }
  }

  /// As many comparisons as nodes would be one for each at the most.
  func multiplyAdds(samples: Int) -> Int {
    samples.saturatingMultiplied(by: trees.count + trees.roots.count)
  }

  /// The scores of one sample, before and behind the transform.
  var scratchBytes: Int { 4 * MemoryLayout<Float>.stride * targets }
}

/// An operator that asks trees.
protocol TreeOperator: SampleOperator {
  var scores: TreeScores { get }
}

extension TreeOperator {
  var features: Int { scores.trees.features }
  static var takesMoreFeatures: Bool { true }
  var columns: Int { scores.targets }

  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    scores.scratchBytes
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    scores.multiplyAdds(samples: outputs[0].shape[0])
  }
}
