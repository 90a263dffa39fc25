import Glibc
import Masks
public import TensorCore

/// Decision trees: x `[N,F]` goes down each of them, at every node by how one feature compares with a number,
/// to a leaf, which has a weight for one target; the leaves' weights are summed, averaged, or the least or
/// greatest taken, over the trees: `[N,n_targets]`.
public struct TreeEnsemble: Operator {
  public static let opType = "TreeEnsemble"
  public static let domain = "ai.onnx.ml"
  public static let schema = OperatorSchema(
    since: 5,
    attributes: [
      .int("aggregate_function", since: 5, in: 0...3),
      .ints("leaf_targetids", since: 5, required: true),
      .other("leaf_weights", .tensor, since: 5, required: true),
      .other("membership_values", .tensor, since: 5), .int("n_targets", since: 5, in: 1 ... .max),
      .ints("nodes_falseleafs", since: 5, required: true, in: 0...1),
      .ints("nodes_falsenodeids", since: 5, required: true),
      .ints("nodes_featureids", since: 5, required: true),
      .other("nodes_hitrates", .tensor, since: 5),
      .ints("nodes_missing_value_tracks_true", since: 5, in: 0...1),
      .other("nodes_modes", .tensor, since: 5, required: true),
      .other("nodes_splits", .tensor, since: 5, required: true),
      .ints("nodes_trueleafs", since: 5, required: true, in: 0...1),
      .ints("nodes_truenodeids", since: 5, required: true),
      .int("post_transform", since: 5, in: 0...4), .ints("tree_roots", since: 5, required: true),
    ], inputs: [.init([5: .floats])])
  private let trees: DecisionTrees
  private let aggregate: Aggregate
  private let targets: Int
  private let transform: ScoreTransform

  private enum Aggregate: Int {
    case average, sum, least, greatest
  }

  public init(_ node: NodeReader) throws(TensorError) {
    let trees = try DecisionTrees(node)
    let targets = try node.int("n_targets", default: 1)
    guard (1...1 << 28).contains(targets),
      trees.leaves.allSatisfy({ (0..<targets).contains($0.target) })
    else {
      throw TensorError(
        Self.opType, expected: "targets of 0 to n_targets \(targets), and 2²⁸ at most",
        found: "\(trees.leaves.map(\.target).max() ?? 0)")
    }
    let way = try node.int("aggregate_function", default: Aggregate.sum.rawValue)
    let number = try node.int("post_transform", default: 0)
    guard let aggregate = Aggregate(rawValue: way), let transform = ScoreTransform(rawValue: number)
    else {
      throw TensorError(
        Self.opType, expected: "aggregate_function 0 to 3 and post_transform 0 to 4",
        found: "\(way) and \(number)")
    }
    (self.trees, self.targets) = (trees, targets)
    (self.aggregate, self.transform) = (aggregate, transform)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let shape = try inputs.tensor(0)
    guard shape.rank == 2, shape[1] >= trees.features else {
      throw TensorError(
        Self.opType, expected: "[N,F] of \(trees.features) features or more", found: "\(shape)")
    }
    return [ValueInfo(try Shape(computed: [shape[0], targets], in: Self.opType))]
  }

  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    AxisRule(outputs: [[.axes([.init(0, 0)]), .named(.feature)]])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let shape = try outputs(for: inputs.described)[0].shape
    let x = try inputs.tensor(0)
    let width = x.shape[1]
    var y = [Float](repeating: 0, count: shape.count)
    x.withElements { x in
      for row in 0..<shape[0] {
        let scores = scores(.init(rebasing: x[row * width..<(row + 1) * width]))
        y.replaceSubrange(row * targets..<(row + 1) * targets, with: transform.apply(scores))
      }
    }
    return [.float32(Tensor(shape, y))]
  }

  private func scores(_ x: UnsafeBufferPointer<Float>) -> [Float] {
    var scores = [Float](repeating: 0, count: targets)
    var isThere = [Bool](repeating: false, count: targets)
    for root in trees.roots {
      let leaf = trees.leaf(of: x, from: root)
      switch aggregate {
      case .sum: scores[leaf.target] += leaf.weight
      case .average: scores[leaf.target] += leaf.weight / Float(trees.roots.count)
      case .least where isThere[leaf.target]:
        scores[leaf.target] = min(scores[leaf.target], leaf.weight)
      case .greatest where isThere[leaf.target]:
        scores[leaf.target] = max(scores[leaf.target], leaf.weight)
      case .least, .greatest: scores[leaf.target] = leaf.weight
      }
      isThere[leaf.target] = true
    }
    return scores
  }

  /// The scores of one sample, before and behind the transform.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    3 * MemoryLayout<Float>.stride * targets
  }

  /// As many comparisons as nodes would be one for each at the most.
  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].shape[0].saturatingMultiplied(by: trees.count)
  }
}

/// What is made of the scores of one sample in the end: `post_transform`, by its number.
enum ScoreTransform: Int {
  case none, softmax, logistic, softmaxOfOthersThanZero, probit

  func apply(_ scores: [Float]) -> [Float] {
    switch self {
    case .none: return scores
    case .logistic: return scores.map { 1 / (1 + expf(-$0)) }
    case .softmax, .softmaxOfOthersThanZero:
      let top = scores.max() ?? 0
      let weights = scores.map { score in
        self == .softmaxOfOthersThanZero && score == 0 ? 0 : expf(score - top)
      }
      let sum = weights.reduce(0, +)
      return sum == 0 ? weights : weights.map { $0 / sum }
    case .probit:
      return scores.map { Float(Normal.quantile(min(max(Double($0), 1e-10), 1 - 1e-10))) }
    }
  }
}

/// Trees of nodes that each compare one feature with a number, or look whether it is one of several.
struct DecisionTrees: Sendable {
  /// Where a branch leads.
  enum Branch: Sendable {
    case node(Int)
    case leaf(Int)
  }

  private enum Test: Sendable {
    case atMost, below, atLeast, above, equal, other
    case member(Set<Float>)
  }

  private struct Node: Sendable {
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

  private let nodes: [Node]
  let leaves: [(target: Int, weight: Float)]
  let roots: [Branch]
  /// How many features are looked at, and how many nodes there are.
  let features: Int
  var count: Int { nodes.count }

  /// Reads the attributes of TreeEnsemble.
  /// - Throws: `TensorError` where lists differ in length, a branch leads nowhere, or two to one node.
  init(_ node: NodeReader) throws(TensorError) {
    func list(_ name: String) throws(TensorError) -> [Int] { try node.ints(name) ?? [] }
    func numbers(_ name: String) throws(TensorError) -> [Float] {
      try node.tensor(name)?.floats?.elements ?? []
    }
    func wrong(_ expected: String, _ found: String) -> TensorError {
      TensorError(node.node.opType, expected: expected, found: found)
    }
    let (features, bounds, modes) = (
      try list("nodes_featureids"), try numbers("nodes_splits"), try numbers("nodes_modes")
    )
    let (yes, no) = (try list("nodes_truenodeids"), try list("nodes_falsenodeids"))
    let (yesLeaves, noLeaves) = (try list("nodes_trueleafs"), try list("nodes_falseleafs"))
    var missing = try list("nodes_missing_value_tracks_true")
    if missing.isEmpty { missing = [Int](repeating: 0, count: features.count) }
    let counts =
      [bounds, modes].map(\.count) + [yes, no, yesLeaves, noLeaves, missing].map(\.count)
    guard counts.allSatisfy({ $0 == features.count }),
      features.allSatisfy({ (0..<1 << 30).contains($0) })
    else { throw wrong("lists of \(features.count) nodes", "\(counts)") }
    let (targets, weights) = (try list("leaf_targetids"), try numbers("leaf_weights"))
    guard targets.count == weights.count, !targets.isEmpty else {
      throw wrong("a weight for each of \(targets.count) leaves", "\(weights.count)")
    }
    leaves = zip(targets, weights).map { ($0, $1) }
    var sets = try numbers("membership_values").split(
      omittingEmptySubsequences: false, whereSeparator: \.isNaN)[...]
    var reached = [Bool](repeating: false, count: features.count)
    func branch(_ index: Int, isLeaf: Bool) throws(TensorError) -> Branch {
      let count = isLeaf ? targets.count : features.count
      guard (0..<count).contains(index) else {
        throw wrong("\(isLeaf ? "a leaf" : "a node") of \(count)", "\(index)")
      }
      if isLeaf { return .leaf(index) }
      guard !reached[index] else { throw wrong("one way to node \(index)", "two") }
      reached[index] = true
      return .node(index)
    }
    let tests: [Test] = [.atMost, .below, .atLeast, .above, .equal, .other]
    var nodes: [Node] = []
    for index in features.indices {
      var test = Test.member([])
      if modes[index] == 6 {
        test = .member(Set(sets.popFirst() ?? []))
      } else {
        guard let place = Int(exactly: modes[index]), tests.indices.contains(place) else {
          throw wrong("a mode of 0 to 6", "\(modes[index])")
        }
        test = tests[place]
      }
      nodes.append(
        Node(
          feature: features[index], test: test, bound: bounds[index],
          yes: try branch(yes[index], isLeaf: yesLeaves[index] != 0),
          no: try branch(no[index], isLeaf: noLeaves[index] != 0),
          missingPasses: missing[index] != 0))
    }
    self.nodes = nodes
    self.features = (features.max() ?? -1) + 1
    // With a single way to each node, and none to a root, every walk comes to an end. A tree of one leaf
    // has a node both of whose branches are that leaf.
    roots = try list("tree_roots").map { root throws(TensorError) in
      try branch(root, isLeaf: features.isEmpty)
    }
  }

  /// The leaf that a sample comes to.
  func leaf(
    of x: UnsafeBufferPointer<Float>, from root: Branch
  ) -> (target: Int, weight: Float) {
    var branch = root
    while case .node(let index) = branch {
      let node = nodes[index]
      branch = node.passes(x[node.feature]) ? node.yes : node.no
    }
    guard case .leaf(let index) = branch else { return (0, 0) }
    return leaves[index]
  }
}
