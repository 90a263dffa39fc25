import Masks
public import TensorCore

/// Decision trees: x `[N,F]` goes down each of them, at every node by how one feature compares with a number,
/// to a leaf, which has a weight for one target; the leaves' weights are summed, averaged, or the least or
/// greatest taken, over the trees: `[N,n_targets]`.
public struct TreeEnsemble: ScoringOperator, TreeOperator {
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
  let scores: TreeScores
  private let transform: ScoreTransform

  public init(_ node: NodeReader) throws(TensorError) {
    let way = try node.int("aggregate_function", default: TreeScores.Aggregate.sum.rawValue)
    let number = try node.int("post_transform", default: 0)
    guard let aggregate = TreeScores.Aggregate(rawValue: way),
      let transform = ScoreTransform(rawValue: number)
    else {
      throw TensorError(
        Self.opType, expected: "aggregate_function 0 to 3 and post_transform 0 to 4",
        found: "\(way) and \(number)")
    }
    scores = try TreeScores(
      Self.trees(node), targets: node.int("n_targets", default: 1), aggregate, in: Self.opType)
    self.transform = transform
  }

  // The scores have the type of the samples.
  public static var typedOutputs: Int { 1 }

  func scored(_ x: UnsafeBufferPointer<Float>) -> [Float] { transform.apply(scores(x)) }

  /// Trees whose nodes and leaves are numbered.
  /// - Throws: `TensorError` where lists differ in length.
  private static func trees(_ node: NodeReader) throws(TensorError) -> DecisionTrees {
    func list(_ name: String) throws(TensorError) -> [Int] { try node.ints(name) ?? [] }
    func numbers(_ name: String) throws(TensorError) -> [Float] {
      try node.tensor(name)?.floats?.elements ?? []
    }
    func wrong(_ expected: String, _ found: String) -> TensorError {
      TensorError(opType, expected: expected, found: found)
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
    guard counts.allSatisfy({ $0 == features.count }) else {
      throw wrong("lists of \(features.count) nodes", "\(counts)")
    }
    let (targets, weights) = (try list("leaf_targetids"), try numbers("leaf_weights"))
    guard targets.count == weights.count, !targets.isEmpty else {
      throw wrong("a weight for each of \(targets.count) leaves", "\(weights.count)")
    }
    var sets = try numbers("membership_values").split(
      omittingEmptySubsequences: false, whereSeparator: \.isNaN)[...]
    func branch(_ index: Int, isLeaf: Int) -> DecisionTrees.Branch {
      isLeaf != 0 ? .leaf(index) : .node(index)
    }
    var nodes: [DecisionTrees.Node] = []
    for index in features.indices {
      var test = DecisionTrees.Test.member([])
      if modes[index] == 6 {
        test = .member(Set(sets.popFirst() ?? []))
      } else {
        guard let place = Int(exactly: modes[index]),
          DecisionTrees.Test.comparisons.indices.contains(place)
        else {
          throw wrong("a mode of 0 to 6", "\(modes[index])")
        }
        test = DecisionTrees.Test.comparisons[place]
      }
      nodes.append(
        DecisionTrees.Node(
          feature: features[index], test: test, bound: bounds[index],
          yes: branch(yes[index], isLeaf: yesLeaves[index]),
          no: branch(no[index], isLeaf: noLeaves[index]), missingPasses: missing[index] != 0))
    }
    // A tree of one leaf has a node both of whose branches are that leaf.
    return try DecisionTrees(
      nodes, leaves: zip(targets, weights).map { [DecisionTrees.Weight(target: $0, weight: $1)] },
      roots: list("tree_roots").map { branch($0, isLeaf: features.isEmpty ? 1 : 0) }, in: opType)
  }
}
