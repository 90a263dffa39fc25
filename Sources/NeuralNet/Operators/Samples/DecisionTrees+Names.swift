import TensorCore

/// Trees as the older operators have them: nodes by the number of their tree and one of their own, leaves among
/// them, which weigh as many targets as they like.
extension DecisionTrees {
  private struct Key: Hashable { var (tree, node): (Int, Int) }

  /// The attributes that nodes have in a list each, and weights beginning with `prefix`.
  static func attributes(weights prefix: String) -> [AttributeRule] {
    [
      .other("base_values", .floats), .other("base_values_as_tensor", .tensor, since: 3),
      .ints("\(prefix)_ids"), .ints("\(prefix)_nodeids"), .ints("\(prefix)_treeids"),
      .other("\(prefix)_weights", .floats),
      .other("\(prefix)_weights_as_tensor", .tensor, since: 3),
      .ints("nodes_falsenodeids"), .ints("nodes_featureids"), .other("nodes_hitrates", .floats),
      .other("nodes_hitrates_as_tensor", .tensor, since: 3),
      .ints("nodes_missing_value_tracks_true", in: 0...1), .other("nodes_modes", .strings),
      .ints("nodes_nodeids"), .ints("nodes_treeids"), .ints("nodes_truenodeids"),
      .other("nodes_values", .floats), .other("nodes_values_as_tensor", .tensor, since: 3),
      .string("post_transform", of: ScoreTransform.words),
    ]
  }

  /// Reads a node whose weights' attributes begin with `prefix`.
  /// - Throws: `TensorError` where lists differ in length, or names lead nowhere.
  init(named node: NodeReader, weights prefix: String) throws(TensorError) {
    let opType = node.node.opType
    func wrong(_ expected: String, _ found: String) -> TensorError {
      TensorError(opType, expected: expected, found: found)
    }
    let trees = try node.ints("nodes_treeids") ?? []
    func list(_ name: String) throws(TensorError) -> [Int] {
      let list = try node.ints(name) ?? []
      guard list.count == trees.count else {
        throw TensorError("\(opType) \(name)", expected: "\(trees.count)", found: "\(list.count)")
      }
      return list
    }
    let (ids, features) = (try list("nodes_nodeids"), try list("nodes_featureids"))
    let (yes, no) = (try list("nodes_truenodeids"), try list("nodes_falsenodeids"))
    var missing = try node.ints("nodes_missing_value_tracks_true") ?? []
    if missing.isEmpty { missing = [Int](repeating: 0, count: trees.count) }
    let (modes, bounds) = (
      try node.strings("nodes_modes") ?? [], try node.numbers("nodes_values")
    )
    guard !trees.isEmpty,
      [modes.count, bounds.count, missing.count].allSatisfy({ $0 == trees.count })
    else {
      throw wrong(
        "a mode and a value for each of \(trees.count) nodes",
        "\(modes.count) and \(bounds.count)")
    }
    var branches: [Key: Branch] = [:]
    var (branching, leaves): ([Int], [Key: Int]) = ([], [:])
    for index in trees.indices {
      let key = Key(tree: trees[index], node: ids[index])
      let isLeaf = modes[index] == "LEAF"
      let own = isLeaf ? Branch.leaf(leaves.count) : .node(branching.count)
      guard branches.updateValue(own, forKey: key) == nil else {
        throw wrong("nodes with names of their own", "node \(key.node) of tree \(key.tree) twice")
      }
      if isLeaf { leaves[key] = leaves.count } else { branching.append(index) }
    }
    var led = Set<Key>()
    func branch(_ index: Int, _ ids: [Int]) throws(TensorError) -> Branch {
      let key = Key(tree: trees[index], node: ids[index])
      guard let branch = branches[key] else {
        throw wrong("a node of tree \(key.tree)", "node \(key.node)")
      }
      led.insert(key)
      return branch
    }
    var nodes: [Node] = []
    for index in branching {
      guard let place = Test.words.firstIndex(of: modes[index]) else {
        throw TensorError(
          "\(opType) nodes_modes", expected: "LEAF or a comparison", found: modes[index])
      }
      nodes.append(
        Node(
          feature: features[index], test: Test.comparisons[place], bound: bounds[index],
          yes: try branch(index, yes), no: try branch(index, no),
          missingPasses: missing[index] != 0))
    }
    var weights = [[Weight]](repeating: [], count: leaves.count)
    let own = try node.numbers("\(prefix)_weights")
    let (weighedTrees, weighedNodes) = (
      try node.ints("\(prefix)_treeids") ?? [], try node.ints("\(prefix)_nodeids") ?? []
    )
    let targets = try node.ints("\(prefix)_ids") ?? []
    guard [weighedTrees, weighedNodes, targets].allSatisfy({ $0.count == own.count }) else {
      throw wrong("a leaf and a target for each weight", "\(own.count) weights")
    }
    for index in own.indices {
      guard let leaf = leaves[Key(tree: weighedTrees[index], node: weighedNodes[index])] else {
        throw wrong("weights of leaves", "one of node \(weighedNodes[index])")
      }
      weights[leaf].append(Weight(target: targets[index], weight: own[index]))
    }
    // What no node leads to begins a tree.
    let roots = trees.indices.map { Key(tree: trees[$0], node: ids[$0]) }
      .filter { !led.contains($0) }.compactMap { branches[$0] }
    try self.init(nodes, leaves: weights, roots: roots, in: opType)
  }
}

extension NodeReader {
  /// Numbers of single precision, or, under a name of its own, of double.
  func numbers(_ name: String) throws(TensorError) -> [Float] {
    if let numbers = try floats(name) { return numbers }
    return try tensor("\(name)_as_tensor")?.floats?.elements ?? []
  }

  /// `base_values`: nothing, one number for all or one for each.
  /// - Throws: `TensorError` where they are so many that they go with nothing.
  func baseValues(of count: Int) throws(TensorError) -> [Float] {
    let base = try numbers("base_values")
    guard [0, 1, count].contains(base.count) else {
      throw TensorError(node.opType, expected: "\(count) base_values", found: "\(base.count)")
    }
    return base
  }
}

extension [Float] {
  /// With base values added.
  func adding(base: [Float]) -> [Float] {
    base.isEmpty ? self : enumerated().map { $1 + (base.count == 1 ? base[0] : base[$0]) }
  }
}
