import TensorCore

/// What onnxruntime's optimiser of transformers writes in the place of their attention and embeddings.
extension Expansion {
  /// Biases of queries, keys and values, each of as many numbers, stand in one list.
  mutating func multiHeadAttention() throws(TensorError) -> [String] {
    try refuse(!has(1) || !has(2), "packed queries, keys and values")
    try refuse(has(4) && has(6), "key padding mask beside past keys")
    var parts = [input(0), input(1), input(2)]
    if has(3) {
      let biases = add("Split", [input(3)], ["axis": .int(0), "num_outputs": .int(3)], outputs: 3)
      parts = zip(parts, biases).map { add("Add", [$0, $1]) }
    }
    let mask = try mask(padding: 4, bias: 5, keys: input(1))
    return try attention(parts + [mask, input(6), input(7)])
  }

  /// Queries, keys and values are made of input 0 by one matrix.
  mutating func selfAttention() throws(TensorError) -> [String] {
    try refuse(has(4), "past keys")
    try refuse(node.int("do_rotary", default: 0) != 0, "do_rotary")
    var all = add("MatMul", [input(0), input(1)])
    if has(2) { all = add("Add", [all, input(2)]) }
    let parts: [String]
    if let sizes = try node.ints("qkv_hidden_sizes") {
      guard sizes.count == 3 else {
        throw TensorError("Attention", expected: "3 qkv_hidden_sizes", found: "\(sizes.count)")
      }
      parts = add("Split", [all, integers(sizes)], ["axis": .int(-1)], outputs: 3)
    } else {
      parts = add("Split", [all], ["axis": .int(-1), "num_outputs": .int(3)], outputs: 3)
    }
    return [try attention(parts + [mask(padding: 3, bias: 5, keys: input(0))])[0]]
  }

  private mutating func attention(_ inputs: [String]) throws(TensorError) -> [String] {
    let heads = try node.int("num_heads", default: 0)
    var attributes: [String: Attribute] = [
      "q_num_heads": .int(heads), "kv_num_heads": .int(heads),
      "is_causal": .int(try node.int("unidirectional", default: 0)),
    ]
    attributes["scale"] = node.node.attributes["scale"]
    return add("Attention", inputs, attributes, outputs: 3)
  }

  /// What is added to scores: the bias, and `mask_filter_value` where a key of a sample takes no part. The padding
  /// says which do, `[N,keys]` not 0, or how many of the first, `[N]`.
  private mutating func mask(
    padding: Int, bias: Int, keys: String
  ) throws(TensorError) -> String {
    guard has(padding) else { return input(bias) }
    let shape = add("Shape", [keys])
    let count = add("Gather", [shape, integers([1])])
    let samples = add("Gather", [shape, integers([0])])
    let rank = add("Shape", [add("Shape", [input(padding)])])
    let isLength = add("Equal", [rank, integers([1])])
    let width = add("Where", [isLength, integers([1]), count])
    let rows = add(
      "Reshape",
      [
        add("Cast", [input(padding)], ["to": .int(ElementType.int64.onnx)]),
        add("Concat", [samples, width], ["axis": .int(0)]),
      ])
    let (zero, one) = (constant(.int64(NDArray([], [0]))), constant(.int64(NDArray([], [1]))))
    let places = add("Range", [zero, add("Squeeze", [count]), one])
    let isKept = add(
      "Where", [isLength, add("Less", [places, rows]), add("Not", [add("Equal", [rows, zero])])])
    let filter = try node.float("mask_filter_value", default: -10_000)
    let added = add("Where", [isKept, floats([0]), floats([filter])])
    let mask = add("Unsqueeze", [added, integers([1, 2])])
    return has(bias) ? add("Add", [mask, input(bias)]) : mask
  }

  /// Words, places and segments, each from a table, added and normalised; and how many tokens of each sample are
  /// none of padding.
  mutating func normalizedEmbedding() throws(TensorError) -> [String] {
    let words = add("Gather", [input(2), input(0)])
    let (zero, one) = (constant(.int64(NDArray([], [0]))), constant(.int64(NDArray([], [1]))))
    let shape = add("Shape", [input(0)])
    let length = add("Squeeze", [add("Gather", [shape, integers([1])])])
    let places = has(8) ? input(8) : add("Range", [zero, length, one])
    var sum = add("Add", [words, add("Gather", [input(3), places])])
    if has(4) { sum = add("Add", [sum, add("Gather", [input(4), input(1)])]) }
    let epsilon = try node.float("epsilon", default: 1e-12)
    let made = add(
      "LayerNormalization", [sum, input(5), input(6)],
      ["axis": .int(-1), "epsilon": .float(epsilon)])
    let counts =
      has(7)
      ? add("ReduceSum", [input(7), integers([1])], ["keepdims": .int(0)])
      : add(
        "Cast", [add("Expand", [zero, add("Gather", [shape, integers([0])])])],
        ["to": .int(ElementType.int32.onnx)])
    return [made, counts, sum]
  }
}
