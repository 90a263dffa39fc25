import TensorCore

/// What converters of scikit-learn write: https://onnx.ai/onnx/operators/index.html, domain ai.onnx.ml. Text
/// is not computed with.
extension Expansion {
  static let traditional = operators(
    of: "ai.onnx.ml",
    [
      (
        "ArrayFeatureExtractor",
        { own throws(TensorError) in
          let places = own.add("Reshape", [own.input(1), own.integers([-1])])
          return [own.add("Gather", [own.input(0), places], ["axis": .int(-1)])]
        }
      ),
      (
        "Binarizer",
        { own throws(TensorError) in
          let bound = own.floats([try own.node.float("threshold", default: 0)])
          let isAbove = own.add("Greater", [own.floatInput(0), bound])
          return [own.add("CastLike", [isAbove, own.input(0)])]
        }
      ),
      ("LabelEncoder", { own throws(TensorError) in try own.labelEncoder() }),
      ("LinearClassifier", { own throws(TensorError) in try own.linearClassifier() }),
      (
        "LinearRegressor",
        { own throws(TensorError) in
          try own.checkTransform(["NONE"])
          let targets = try own.node.int("targets", default: 1)
          return [try own.linear(rows: targets)]
        }
      ),
      ("Normalizer", { own throws(TensorError) in try own.normalizer() }),
      (
        "Scaler",
        { own throws(TensorError) in
          var x = own.floatInput(0)
          if let offset = try own.node.floats("offset") {
            x = own.add("Sub", [x, own.floats(offset)])
          }
          guard let scale = try own.node.floats("scale") else { return [x] }
          return [own.add("Mul", [x, own.floats(scale)])]
        }
      ),
      // The numbers that the maps have, a column for each key.
      ("ZipMap", { own throws(TensorError) in [own.add("Identity", [own.input(0)])] }),
    ])

  /// X·coefficientsᵀ + intercepts.
  private mutating func linear(rows: Int) throws(TensorError) -> String {
    let numbers = try node.floats("coefficients") ?? []
    guard rows > 0, numbers.count.isMultiple(of: rows), !numbers.isEmpty else {
      throw TensorError(
        node.node.opType, expected: "coefficients for each of \(rows)", found: "\(numbers.count)")
    }
    let weights = constant(.float32(Tensor([rows, numbers.count / rows], numbers)))
    let bias = try node.floats("intercepts").map { [floats($0)] } ?? []
    return add("Gemm", [floatInput(0), weights] + bias, ["transB": .int(1)])
  }

  private func checkTransform(_ words: [String]) throws(TensorError) {
    let word = try node.string("post_transform", default: "NONE")
    guard !words.contains(word) else { return }
    throw TensorError(
      "\(node.node.opType) post_transform", expected: words.joined(separator: ", "), found: word)
  }

  /// The class of the largest score, and the scores.
  private mutating func linearClassifier() throws(TensorError) -> [String] {
    try checkTransform(["NONE", "LOGISTIC", "SOFTMAX"])
    let labels = try classLabels()
    let intercepts = try node.floats("intercepts")?.count ?? labels.count
    guard intercepts == labels.count else {
      throw TensorError(
        "LinearClassifier", expected: "a row of coefficients for each of \(labels.count) classes",
        found: "\(intercepts)")
    }
    let scores = try linear(rows: labels.count)
    return [label(of: scores, labels.value), try transformed(scores)]
  }

  /// The classes: numbers, or text that is carried along.
  private mutating func classLabels() throws(TensorError) -> (value: String, count: Int) {
    let name =
      node.node.attributes.keys.contains("classlabels_int64s")
      ? "classlabels_int64s" : "classlabels_ints"
    if let numbers = try node.ints(name) { return (integers(numbers), numbers.count) }
    let texts = try node.strings("classlabels_strings") ?? []
    guard !texts.isEmpty else {
      throw TensorError(node.node.opType, expected: "classes", found: "none")
    }
    return (constant(.opaque(.string, [texts.count])), texts.count)
  }

  /// The class of the largest score.
  private mutating func label(of scores: String, _ labels: String) -> String {
    add("Gather", [labels, add("ArgMax", [scores], ["axis": .int(-1), "keepdims": .int(0)])])
  }

  /// The scores as `post_transform` wants them.
  private mutating func transformed(_ scores: String) throws(TensorError) -> String {
    switch try node.string("post_transform", default: "NONE") {
    case "LOGISTIC": add("Sigmoid", [scores])
    case "SOFTMAX": add("Softmax", [scores], ["axis": .int(-1)])
    default: scores
    }
  }

  private mutating func normalizer() throws(TensorError) -> [String] {
    let x = floatInput(0)
    let word = try node.string("norm", default: "MAX")
    switch word {
    case "L1", "L2":
      return [add("LpNormalization", [x], ["axis": .int(-1), "p": .int(word == "L1" ? 1 : 2)])]
    case "MAX":
      let most = add("ReduceMax", [x, integers([-1])], ["keepdims": .int(1)])
      let zero = floats([0])
      let divisor = add("Where", [add("Equal", [most, zero]), floats([1]), most])
      return [add("Div", [x, divisor])]
    default:
      throw TensorError("Normalizer norm", expected: "MAX, L1 or L2", found: word)
    }
  }

  /// The value of the key that each number is, else the default.
  private mutating func labelEncoder() throws(TensorError) -> [String] {
    func list(_ own: inout Expansion, _ side: String) throws(TensorError) -> String? {
      if let numbers = try own.node.ints("\(side)_int64s") { return own.integers(numbers) }
      if let numbers = try own.node.floats("\(side)_floats") { return own.floats(numbers) }
      return try own.node.tensor("\(side)_tensor").map { own.constant($0) }
    }
    guard let keys = try list(&self, "keys"), let values = try list(&self, "values") else {
      throw TensorError("LabelEncoder", expected: "keys and values that are numbers", found: "text")
    }
    let fallback: String
    if let given = try node.tensor("default_tensor") {
      fallback = constant(given)
    } else if node.has("values_int64s") {
      fallback = integers([try node.int("default_int64", default: -1)])
    } else {
      fallback = floats([try node.float("default_float", default: 0)])
    }
    let places = add("Unsqueeze", [input(0), integers([-1])])
    let isKey = add("Equal", [places, keys])
    let none = add("Sub", [values, values])
    let last = integers([-1])
    let found = add(
      "ReduceSum", [add("Where", [isKey, values, none]), last], ["keepdims": .int(0)])
    let isKnown = add(
      "ReduceMax", [add("Cast", [isKey], ["to": .int(ElementType.int32.onnx)]), last],
      ["keepdims": .int(0)])
    let isThere = add("Cast", [isKnown], ["to": .int(ElementType.bool.onnx)])
    return [add("Where", [isThere, found, fallback])]
  }
}
