import TensorCore

/// What onnxruntime's quantiser and optimiser write: https://github.com/microsoft/onnxruntime,
/// docs/ContribOperators.md. Quantised ones are computed in floats between, within a step of what integers
/// come to.
extension Expansion {
  static let microsoft = operators(
    of: "com.microsoft",
    [
      ("Attention", { own throws(TensorError) in try own.selfAttention() }),
      (
        "BiasGelu",
        { own throws(TensorError) in
          [own.add("Gelu", [own.add("Add", [own.input(0), own.input(1)])])]
        }
      ),
      (
        "DequantizeLinear",
        { own throws(TensorError) in
          [own.add("DequantizeLinear", own.inputs, own.node.node.attributes)]
        }
      ),
      ("DynamicQuantizeLSTM", { own throws(TensorError) in try own.quantisedLSTM() }),
      ("EmbedLayerNormalization", { own throws(TensorError) in try own.normalizedEmbedding() }),
      (
        "FastGelu",
        { own throws(TensorError) in
          let x = own.has(1) ? own.add("Add", [own.input(0), own.input(1)]) : own.input(0)
          return [own.add("Gelu", [x], ["approximate": .string("tanh")])]
        }
      ),
      (
        "FusedConv",
        { own throws(TensorError) in
          var sum = own.add("Conv", [own.input(0), own.input(1), own.input(2)], own.unfused)
          if own.has(3) { sum = own.add("Add", [sum, own.input(3)]) }
          return [try own.activated(sum)]
        }
      ),
      (
        "FusedGemm",
        { own throws(TensorError) in
          [try own.activated(own.add("Gemm", own.inputs, own.unfused))]
        }
      ),
      ("FusedMatMul", { own throws(TensorError) in try own.fusedMatMul() }),
      ("Gelu", { own throws(TensorError) in [own.add("Gelu", [own.input(0)])] }),
      ("MultiHeadAttention", { own throws(TensorError) in try own.multiHeadAttention() }),
      ("QGemm", { own throws(TensorError) in try own.quantizedGemm() }),
      ("QLinearAdd", { own throws(TensorError) in own.quantized("Add") }),
      ("QLinearAveragePool", { own throws(TensorError) in try own.quantizedMap("AveragePool") }),
      ("QLinearConcat", { own throws(TensorError) in own.quantizedConcat() }),
      (
        "QLinearGlobalAveragePool",
        { own throws(TensorError) in
          try own.quantizedMap("GlobalAveragePool")
        }
      ),
      ("QLinearLeakyRelu", { own throws(TensorError) in try own.quantizedMap("LeakyRelu") }),
      ("QLinearMul", { own throws(TensorError) in own.quantized("Mul") }),
      ("QLinearSigmoid", { own throws(TensorError) in try own.quantizedMap("Sigmoid") }),
      (
        "QLinearSoftmax",
        { own throws(TensorError) in
          let axis = try own.node.int("axis", default: -1)
          let shares = own.add("Softmax", [own.numbers(0)], ["axis": .int(axis)])
          return [own.quantize(shares, 3)]
        }
      ),
      (
        "QuantizeLinear",
        { own throws(TensorError) in
          [own.add("QuantizeLinear", own.inputs, own.node.node.attributes)]
        }
      ),
      (
        "QuickGelu",
        { own throws(TensorError) in
          let alpha = try own.node.float("alpha", default: 1.702)
          return [own.add("Swish", [own.input(0)], ["alpha": .float(alpha)])]
        }
      ),
      ("SkipLayerNormalization", { own throws(TensorError) in try own.skipNormalization() }),
      (
        "SkipSimplifiedLayerNormalization",
        { own throws(TensorError) in
          var sum = own.add("Add", [own.input(0), own.input(1)])
          if own.has(3) { sum = own.add("Add", [sum, own.input(3)]) }
          let made = try own.rootMeanSquare(sum, scale: own.input(2), axis: -1)
          // Between them stand statistics, which are made in training alone.
          try own.refuse(
            own.node.node.outputs.dropFirst().prefix(2).contains { !$0.isEmpty }, "statistics")
          return [made, made, made, sum]
        }
      ),
    ])

  /// What onnxruntime writes without a domain, though ONNX has no such operator.
  static let unnamed = operators(
    of: "",
    [
      (
        "SimplifiedLayerNormalization",
        { own throws(TensorError) in
          let axis = try own.node.int("axis", default: -1)
          return [try own.rootMeanSquare(own.input(0), scale: own.input(1), axis: axis)]
        }
      )
    ])

  private mutating func rootMeanSquare(
    _ x: String, scale: String, axis: Int
  ) throws(TensorError) -> String {
    let epsilon = try node.float("epsilon", default: 1e-5)
    return add("RMSNormalization", [x, scale], ["axis": .int(axis), "epsilon": .float(epsilon)])
  }

  private var inputs: [String] { (0..<inputCount).map(input) }

  /// The attributes without those of an activation behind it.
  private var unfused: [String: Attribute] {
    node.node.attributes.filter { !$0.key.hasPrefix("activation") }
  }

  /// The activation that `activation` names, with `activation_params`, or FusedGemm's two settings.
  private mutating func activated(_ x: String) throws(TensorError) -> String {
    let word = try node.string("activation", default: "")
    let given = try node.floats("activation_params") ?? []
    func setting(_ place: Int, _ name: String) throws(TensorError) -> Float? {
      if given.indices.contains(place) { return given[place] }
      return node.has(name) ? try node.float(name, default: 0) : nil
    }
    let (first, second) = (
      try setting(0, "activation_alpha"), try setting(1, "activation_beta")
    )
    switch word {
    case "": return x
    case "Relu", "Sigmoid", "Tanh": return add(word, [x])
    case "LeakyRelu", "HardSigmoid":
      var attributes: [String: Attribute] = [:]
      attributes["alpha"] = first.map { .float($0) }
      if word == "HardSigmoid" { attributes["beta"] = second.map { .float($0) } }
      return add(word, [x], attributes)
    case "Clip":
      let bounds = [first ?? -.infinity, second ?? .infinity].map {
        constant(.float32(Tensor(scalar: $0)))
      }
      return add("Clip", [x] + bounds)
    default:
      throw TensorError(
        "\(node.node.opType) activation",
        expected: "Relu, Sigmoid, Tanh, LeakyRelu, HardSigmoid or Clip", found: word)
    }
  }

  /// The numbers that a quantised input stands for; behind it stand its scale and zero point.
  private mutating func numbers(_ index: Int, axis: Int = 1) -> String {
    add(
      "DequantizeLinear", [input(index), input(index + 1), input(index + 2)], ["axis": .int(axis)])
  }

  private mutating func quantize(_ x: String, _ scale: Int) -> String {
    add("QuantizeLinear", [x, input(scale), input(scale + 1)])
  }

  /// Two quantised operands.
  private mutating func quantized(_ opType: String) -> [String] {
    [quantize(add(opType, [numbers(0), numbers(3)]), 6)]
  }

  /// One quantised operand.
  private mutating func quantizedMap(_ opType: String) throws(TensorError) -> [String] {
    try refuse(try node.int("channels_last", default: 0) != 0, "channels_last")
    var attributes = node.node.attributes
    attributes["channels_last"] = nil
    return [quantize(add(opType, [numbers(0)], attributes), 3)]
  }

  private mutating func quantizedConcat() -> [String] {
    let parts = stride(from: 2, to: inputCount, by: 3).map { numbers($0) }
    return [quantize(add("Concat", parts, node.node.attributes), 0)]
  }

  /// A bias of whole numbers counts in steps of alpha · both scales.
  private mutating func quantizedGemm() throws(TensorError) -> [String] {
    let (alpha, transB) = (
      try node.float("alpha", default: 1), try node.int("transB", default: 0)
    )
    let (a, b) = (numbers(0), numbers(3, axis: transB != 0 ? 0 : 1))
    var sum = add("Gemm", [a, b], node.node.attributes)
    if has(6) {
      let step = add("Mul", [add("Mul", [input(1), input(4)]), floats([alpha])])
      sum = add("Add", [sum, add("Mul", [floatInput(6), step])])
    }
    return [has(7) ? quantize(sum, 7) : sum]
  }

  private mutating func fusedMatMul() throws(TensorError) -> [String] {
    for name in ["transBatchA", "transBatchB"] {
      try refuse(try node.int(name, default: 0) != 0, name)
    }
    func turned(_ own: inout Expansion, _ index: Int, _ name: String) throws(TensorError) -> String
    {
      guard try own.node.int(name, default: 0) != 0 else { return own.input(index) }
      return own.add("Einsum", [own.input(index)], ["equation": .string("...ij->...ji")])
    }
    let (a, b) = (try turned(&self, 0, "transA"), try turned(&self, 1, "transB"))
    let product = add("MatMul", [a, b])
    let alpha = try node.float("alpha", default: 1)
    return [alpha == 1 ? product : add("Mul", [product, floats([alpha])])]
  }

  /// Beside the result come mean and inverse deviation, and the sum that was normalised.
  private mutating func skipNormalization() throws(TensorError) -> [String] {
    var sum = add("Add", [input(0), input(1)])
    if has(4) { sum = add("Add", [sum, input(4)]) }
    let epsilon = try node.float("epsilon", default: 1e-12)
    return add(
      "LayerNormalization", [sum, input(2), input(3)],
      ["axis": .int(-1), "epsilon": .float(epsilon)], outputs: 3) + [sum]
  }

  /// An LSTM whose weights `[D,I,4H]` and `[D,H,4H]` are bytes with a scale each, or one for each column. The
  /// inputs, which onnxruntime makes bytes of at every step, stay floats.
  private mutating func quantisedLSTM() throws(TensorError) -> [String] {
    let directions = try node.string("direction", default: "forward") == "bidirectional" ? 2 : 1
    func weights(_ own: inout Expansion, _ place: Int, _ scale: Int) -> String {
      func column(_ own: inout Expansion, _ index: Int) -> String {
        own.add("Reshape", [own.floatInput(index), own.integers([directions, 1, -1])])
      }
      var whole = own.floatInput(place)
      if own.has(scale + 1) { whole = own.add("Sub", [whole, column(&own, scale + 1)]) }
      let numbers = own.add("Mul", [whole, column(&own, scale)])
      return own.add("Transpose", [numbers], ["perm": .ints([0, 2, 1])])
    }
    let own = [weights(&self, 1, 8), weights(&self, 2, 10)]
    return add(
      "LSTM", [input(0)] + own + (3..<8).map(input), node.node.attributes, outputs: 3)
  }
}
