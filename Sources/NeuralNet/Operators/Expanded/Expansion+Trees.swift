import TensorCore

/// Decision trees as converters of scikit-learn wrote them before TreeEnsemble: leaves that weigh several
/// targets. https://onnx.ai/onnx/operators/index.html, domain ai.onnx.ml.
extension Expansion {
  static let trees = operators(
    of: "ai.onnx.ml",
    [
      (
        "TreeEnsembleClassifier",
        { own throws(TensorError) in try own.treeClassifier() }
      ),
      (
        "TreeEnsembleRegressor",
        { own throws(TensorError) in
          let way = try own.node.string("aggregate_function", default: "SUM")
          guard ["SUM", "AVERAGE"].contains(way) else {
            throw TensorError(own.node.node.opType, expected: "SUM or AVERAGE", found: way)
          }
          try own.checkTransform(["NONE", "SOFTMAX", "LOGISTIC"])
          let targets = try own.node.int("n_targets", default: 1)
          let made = try own.treeScores("target", targets: targets)
          var scores = made.scores
          if way == "AVERAGE" {
            scores = own.add("Div", [scores, own.floats([Float(made.trees)])])
          }
          return [try own.transformed(try own.withBase(scores, of: targets))]
        }
      ),
    ])

  /// The sums of the weights of the leaves that samples come to: a TreeEnsemble that says which leaves those
  /// are, and what each of them weighs.
  private mutating func treeScores(
    _ prefix: String, targets: Int
  ) throws(TensorError) -> (scores: String, trees: Int) {
    let ensemble = try OldTrees(node, prefix, targets: targets)
    let isLeaf = add("TreeEnsemble", [floatInput(0)], ensemble.attributes, domain: "ai.onnx.ml")
    let weights = constant(
      .float32(Tensor([ensemble.leafWeights.count, targets], ensemble.leafWeights.flatMap { $0 })))
    return (add("MatMul", [isLeaf, weights]), ensemble.roots.count)
  }

  private mutating func withBase(_ scores: String, of count: Int) throws(TensorError) -> String {
    guard let base = try node.floats("base_values"), !base.isEmpty else { return scores }
    guard [1, count].contains(base.count) else {
      throw TensorError(node.node.opType, expected: "\(count) base_values", found: "\(base.count)")
    }
    return add("Add", [scores, floats(base)])
  }

  private mutating func treeClassifier() throws(TensorError) -> [String] {
    try checkTransform(["NONE", "SOFTMAX", "LOGISTIC"])
    let labels = try classLabels()
    let ids = Set(try node.ints("class_ids") ?? [])
    guard labels.count == 2, ids.count == 1 else {
      let sums = try treeScores("class", targets: labels.count).scores
      let scores = try withBase(sums, of: labels.count)
      return [label(of: scores, labels.value), try transformed(scores)]
    }
    // Of two classes only one is weighed: what is left is the other's.
    let weights = try node.floats("class_weights") ?? []
    let one = add(
      "Gather",
      [try treeScores("class", targets: 2).scores, integers([ids.first ?? 0])], ["axis": .int(1)])
    let base = try node.floats("base_values") ?? []
    let score = base.isEmpty ? one : add("Add", [one, floats([base.last ?? 0])])
    let isPositive = weights.allSatisfy { $0 >= 0 }
    let rest =
      isPositive ? add("Sub", [floats([1]), score]) : add("Neg", [score])
    let both = add("Concat", [rest, score], ["axis": .int(1)])
    let top = add("Greater", [score, floats([isPositive ? 0.5 : 0])])
    let place = add(
      "Squeeze", [add("Cast", [top], ["to": .int(ElementType.int64.onnx)]), integers([1])])
    let found = add("Gather", [labels.value, place])
    return [found, isPositive ? both : try transformed(both)]
  }
}

/// The trees of TreeEnsembleClassifier and TreeEnsembleRegressor, whose leaves are nodes.
private struct OldTrees {
  /// Those of a TreeEnsemble of as many targets as there are leaves, each leaf weighing its own by 1.
  let attributes: [String: Attribute]
  /// What each leaf weighs, by target.
  let leafWeights: [[Float]]
  let roots: [Int]

  private struct Key: Hashable { var (tree, node): (Int, Int) }

  init(_ node: NodeReader, _ prefix: String, targets: Int) throws(TensorError) {
    let opType = node.node.opType
    func list(_ name: String, _ count: Int?) throws(TensorError) -> [Int] {
      let list = try node.ints(name) ?? []
      guard list.count == count ?? list.count else {
        throw TensorError("\(opType) \(name)", expected: "\(count ?? 0)", found: "\(list.count)")
      }
      return list
    }
    let trees = try list("nodes_treeids", nil)
    let (ids, features) = (
      try list("nodes_nodeids", trees.count), try list("nodes_featureids", trees.count)
    )
    let (yes, no) = (
      try list("nodes_truenodeids", trees.count), try list("nodes_falsenodeids", trees.count)
    )
    var missing = try node.ints("nodes_missing_value_tracks_true") ?? []
    if missing.isEmpty { missing = [Int](repeating: 0, count: trees.count) }
    let modes = try node.strings("nodes_modes") ?? []
    let bounds = try OldTrees.numbers(node, "nodes_values")
    guard modes.count == trees.count, bounds.count == trees.count, missing.count == trees.count,
      !trees.isEmpty, (1...1 << 20).contains(targets)
    else {
      throw TensorError(
        opType, expected: "a mode and a value for each of \(trees.count) nodes",
        found: "\(modes.count) and \(bounds.count)")
    }
    let words = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"]
    if let other = modes.first(where: { $0 != "LEAF" && !words.contains($0) }) {
      throw TensorError("\(opType) nodes_modes", expected: "LEAF or a comparison", found: other)
    }
    /// Where each node is among the branching ones, or among the leaves.
    var (places, branching, leaves): ([Key: Int], [Int], [Key: Int]) = ([:], [], [:])
    for index in trees.indices {
      let key = Key(tree: trees[index], node: ids[index])
      if modes[index] == "LEAF" {
        leaves[key] = leaves.count
      } else {
        places[key] = branching.count
        branching.append(index)
      }
    }
    guard places.count + leaves.count == trees.count else {
      throw TensorError(opType, expected: "nodes with names of their own", found: "one twice")
    }
    func branch(_ index: Int, _ ids: [Int]) throws(TensorError) -> (place: Int, isLeaf: Int) {
      let key = Key(tree: trees[index], node: ids[index])
      if let leaf = leaves[key] { return (leaf, 1) }
      guard let place = places[key] else {
        throw TensorError(
          opType, expected: "a node of tree \(key.tree)", found: "node \(key.node)")
      }
      return (place, 0)
    }
    let yeses = try branching.map { index throws(TensorError) in try branch(index, yes) }
    let noes = try branching.map { index throws(TensorError) in try branch(index, no) }
    let led = Set((yeses + noes).filter { $0.isLeaf == 0 }.map(\.place))
    var (found, splits) = (
      branching.indices.filter { !led.contains($0) }, branching.map { bounds[$0] }
    )
    var (codes, numbers) = (
      branching.map { Int64(words.firstIndex(of: modes[$0]) ?? 0) }, branching.map { features[$0] }
    )
    var (tracks, ways) = (branching.map { missing[$0] }, Array(zip(yeses, noes)))
    // A tree of one leaf: a node both of whose branches are that leaf.
    let ledLeaves = Set((yeses + noes).filter { $0.isLeaf == 1 }.map(\.place))
    for leaf in leaves.values.sorted() where !ledLeaves.contains(leaf) {
      found.append(codes.count)
      codes.append(0)
      numbers.append(0)
      splits.append(0)
      tracks.append(0)
      ways.append(((leaf, 1), (leaf, 1)))
    }
    roots = found
    attributes = [
      "n_targets": .int(leaves.count), "leaf_targetids": .ints(Array(0..<leaves.count)),
      "leaf_weights": .tensor(.float32(Tensor([leaves.count], repeating: 1))),
      "nodes_featureids": .ints(numbers),
      "nodes_splits": .tensor(.float32(Tensor([splits.count], splits))),
      "nodes_modes": .tensor(.int64(NDArray([codes.count], codes))),
      "nodes_missing_value_tracks_true": .ints(tracks), "tree_roots": .ints(found),
      "nodes_truenodeids": .ints(ways.map(\.0.place)),
      "nodes_trueleafs": .ints(ways.map(\.0.isLeaf)),
      "nodes_falsenodeids": .ints(ways.map(\.1.place)),
      "nodes_falseleafs": .ints(ways.map(\.1.isLeaf)),
    ]
    leafWeights = try OldTrees.weights(node, prefix, leaves, targets: targets)
  }

  /// Numbers of single precision, or, under a name of its own, of double.
  private static func numbers(_ node: NodeReader, _ name: String) throws(TensorError) -> [Float] {
    if let numbers = try node.floats(name) { return numbers }
    return try node.tensor("\(name)_as_tensor")?.floats?.elements ?? []
  }

  private static func weights(
    _ node: NodeReader, _ prefix: String, _ leaves: [Key: Int], targets: Int
  ) throws(TensorError) -> [[Float]] {
    var weights = [[Float]](
      repeating: [Float](repeating: 0, count: targets), count: leaves.count)
    let own = try numbers(node, "\(prefix)_weights")
    let (trees, nodes) = (
      try node.ints("\(prefix)_treeids") ?? [], try node.ints("\(prefix)_nodeids") ?? []
    )
    let ids = try node.ints("\(prefix)_ids") ?? []
    guard [trees.count, nodes.count, ids.count].allSatisfy({ $0 == own.count }),
      ids.allSatisfy({ (0..<targets).contains($0) })
    else {
      throw TensorError(
        node.node.opType, expected: "a leaf and a target of \(targets) for each weight",
        found: "\(own.count) weights")
    }
    for index in own.indices {
      guard let leaf = leaves[Key(tree: trees[index], node: nodes[index])] else {
        throw TensorError(
          node.node.opType, expected: "weights of leaves", found: "one of node \(nodes[index])")
      }
      weights[leaf][ids[index]] += own[index]
    }
    return weights
  }
}
