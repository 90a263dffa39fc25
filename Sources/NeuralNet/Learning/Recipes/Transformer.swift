import TensorCore

extension Recipe {
  /// A language model of letters: two blocks as PyTorch's `TransformerEncoderLayer` builds them (normalised
  /// behind each sum), which look at what stands before. Vaswani et al. 2017 (arXiv:1706.03762), small, with
  /// the four dropouts of .1 of each block: the attention's weights, what attention and dense layers add, and
  /// between the dense layers.
  static let transformer = transformer(named: "transformer", blocks: 2, "twice")

  /// The same with one block.
  static let transformerOfOneBlock = transformer(named: "transformer-1", blocks: 1, "once")

  private static func transformer(named name: String, blocks: Int, _ times: String) -> Recipe {
    letters(
      name: name,
      summary:
        "embedding 64 and places, dropout .1; \(times): attention of 4 heads, dropout .1 in it and "
        + "behind it, dense 256, dropout .1, dense 64, dropout .1",
      source: "Vaswani 2017, arXiv:1706.03762; PyTorch's TransformerEncoderLayer",
      learningRate: 0.002,
      graph: { $0.transformer(blocks: blocks) })
  }
}

extension GraphBuilder {
  private static let (features, heads, inner) = (64, 4, 256)

  fileprivate mutating func transformer(blocks: Int) {
    let (words, longest) = (TextWindows.letters.words.count, TextWindows.length)
    let features = GraphBuilder.features
    let (first, second) = (axis(0), axis(1))
    let tokens = value
    node("Shape", [tokens], "tokens.shape")
    node("Slice", ["tokens.shape", second, axis(2)], "length")
    node(
      "Gather", [weights("embedding.weight", [words, features]), tokens], "embedding",
      attributes: ["axis": .int(0)])
    node("Slice", [weights("places", [longest, features]), first, "length", first], "place")
    layer("Add", ["embedding", "place"], "read", shape: [features])
    dropout(0.1)
    // What stands behind a letter is not looked at.
    let later = (0..<longest * longest).map { $0 % longest > $0 / longest ? Float(-1e9) : 0 }
    let corner = constant("corner", .int64(NDArray([2], [0, 0])))
    let sides = constant("sides", .int64(NDArray([2], [0, 1])))
    node("Concat", ["length", "length"], "square", attributes: ["axis": .int(0)])
    node(
      "Slice",
      [constant("later", .float32(Tensor([longest, longest], later))), corner, "square", sides],
      "unseen")
    for block in 1...blocks {
      attention("block\(block)", unseen: "unseen")
      feedForward("block\(block)")
    }
    product("output", words)
    layer("Softmax", [value], "letters", shape: [words], ["axis": .int(-1)])
  }

  /// Attention of several heads, added to what it reads.
  private mutating func attention(_ block: String, unseen: String) {
    let (features, heads, read) = (GraphBuilder.features, GraphBuilder.heads, value)
    let each = features / heads
    let split = constant(
      "heads.shape", .int64(NDArray([4], [0, 0, Int64(heads), Int64(each)])))
    let joined = constant("heads.joined", .int64(NDArray([3], [0, 0, Int64(features)])))
    let scale = constant("heads.scale", .float32(Tensor(scalar: 1 / Float(each).squareRoot())))
    // Keys come with their numbers before their places.
    for (word, order) in [
      ("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3]),
    ] {
      (value, shape) = (read, [features])
      product("\(block).\(word)", features)
      node("Reshape", [value, split], "\(block).\(word).split")
      node(
        "Transpose", ["\(block).\(word).split"], "\(block).\(word).heads",
        attributes: ["perm": .ints(order)])
    }
    node("MatMul", ["\(block).query.heads", "\(block).key.heads"], "\(block).match")
    node("Mul", ["\(block).match", scale], "\(block).scaled")
    node("Add", ["\(block).scaled", unseen], "\(block).seen")
    layer("Softmax", ["\(block).seen"], "\(block).attention", shape: [features], ["axis": .int(-1)])
    dropout(0.1)
    node("MatMul", [value, "\(block).value.heads"], "\(block).sums")
    node(
      "Transpose", ["\(block).sums"], "\(block).sums.turned",
      attributes: ["perm": .ints([0, 2, 1, 3])])
    layer("Reshape", ["\(block).sums.turned", joined], "\(block).context", shape: [features])
    product("\(block).projection", features)
    dropout(0.1)
    addAndNormalize(read, "\(block).norm1")
  }

  /// Two dense layers, added to what they read.
  private mutating func feedForward(_ block: String) {
    let read = value
    product("\(block).dense1", GraphBuilder.inner)
    relu()
    dropout(0.1)
    product("\(block).dense2", GraphBuilder.features)
    dropout(0.1)
    addAndNormalize(read, "\(block).norm2")
  }

  private mutating func addAndNormalize(_ other: String, _ name: String) {
    let features = GraphBuilder.features
    node("Add", [other, value], "\(name).sum")
    let scale = constant("\(name).scale", .float32(Tensor([features], repeating: 1)))
    layer(
      "LayerNormalization", ["\(name).sum", scale, zeros("\(name).bias", [features])], name,
      shape: [features], ["axis": .int(-1)])
  }

  /// A dense layer at each time.
  private mutating func product(_ name: String, _ units: Int) {
    let weight = weights("\(name).weight", [shape[0], units])
    node("MatMul", [value, weight], "\(name).product")
    layer("Add", ["\(name).product", zeros("\(name).bias", [units])], name, shape: [units])
  }
}
