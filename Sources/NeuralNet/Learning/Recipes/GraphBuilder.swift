public import Masks
import TensorCore

/// Puts a chain of layers together: each layer reads what the one before made, weights start from a
/// seed, and nodes are called after what they do: `conv1`, `relu1`, `dense2`.
public struct GraphBuilder {
  /// What the last layer makes, without the samples: `[C,H,W]`, `[F]`, or of a sequence one step's `[F]`.
  public internal(set) var shape: [Int]
  /// The name of what the last layer makes.
  public internal(set) var value: String
  /// Why there is no such network; nil where there is one.
  private(set) var problem: GraphError?
  private let name: String
  private let input: Graph.Input
  let seed: UInt64
  let initializer: Initializer
  private let changes: LayerChanges
  /// Layers with units of their own, and how many each has.
  private(set) var widths: [(layer: String, units: Int)] = []
  private var nodes: [Node] = []
  private var constants: [String: Value] = [:]
  private var counts: [String: Int] = [:]
  /// Dropouts that are more than a node.
  private var dropouts: [(site: String, dropout: Dropout)] = []
  /// The words that tokens stand for; nil where none are read.
  var vocabulary: Vocabulary?
  /// Text for the graph's metadata, by key.
  public var metadata: [String: String] = [:]

  /// A chain that starts at an input `[N,C,H,W]`, where `input` is C, H, W.
  public init(
    _ name: String, input: [Int], seed: UInt64, initializer: Initializer = .glorotUniform,
    changes: LayerChanges = LayerChanges()
  ) {
    self.init(
      name, Graph.Input("input", dims: [nil] + input), shape: input, seed: seed,
      initializer: initializer, changes: changes)
  }

  /// A chain that starts at an input; one sample of it has `shape`.
  public init(
    _ name: String, _ input: Graph.Input, shape: [Int], seed: UInt64,
    initializer: Initializer = .glorotUniform, changes: LayerChanges = LayerChanges()
  ) {
    (self.name, self.shape, self.seed, self.initializer) = (name, shape, seed, initializer)
    (self.changes, self.input, value) = (changes, input, input.name)
  }

  /// A convolution with a square kernel and a bias; `same` pads so that the map keeps its size, an even
  /// kernel more behind than before, as TensorFlow does.
  public mutating func conv(_ channels: Int, _ kernel: Int, same: Bool = false) {
    let channels = width(channels, "conv")
    let (before, behind) = same ? ((kernel - 1) / 2, kernel / 2) : (0, 0)
    add(
      "Conv", "conv", weights: [channels, shape[0], kernel, kernel],
      attributes: [
        "kernel_shape": .ints([kernel, kernel]), "pads": .ints([before, before, behind, behind]),
      ])
    shape = [channels] + shape.dropFirst().map { $0 + before + behind - kernel + 1 }
  }

  /// What a layer made, to be read again further down.
  public struct Branch: Sendable {
    fileprivate let value: String
    fileprivate let shape: [Int]
  }

  /// What the last layer made.
  public var branch: Branch { Branch(value: value, shape: shape) }

  /// The maps of a branch of the same size before those of the last layer: a skip connection.
  public mutating func concat(_ branch: Branch) {
    precondition(branch.shape.dropFirst() == shape.dropFirst(), "\(branch.shape) beside \(shape)")
    append(
      "Concat", next("concat"), inputs: [branch.value, value], attributes: ["axis": .int(1)])
    shape[0] += branch.shape[0]
  }

  /// Each cell twice along rows and columns: Keras's `UpSampling2D`.
  public mutating func upsample() {
    let made = next("up")
    constants["\(made).scales"] = .float32(Tensor([4], [1, 1, 2, 2]))
    append(
      "Resize", made, inputs: [value, "", "\(made).scales"],
      attributes: [
        "mode": .string("nearest"), "coordinate_transformation_mode": .string("asymmetric"),
        "nearest_mode": .string("floor"),
      ])
    shape = [shape[0]] + shape.dropFirst().map { 2 * $0 }
  }

  /// A dense layer with weights `[units, inputs]` and a bias.
  public mutating func dense(_ units: Int) {
    precondition(shape.count == 1, "a dense layer on \(shape)")
    let units = width(units, "dense")
    add("Gemm", "dense", weights: [units, shape[0]], attributes: ["transB": .int(1)])
    shape = [units]
  }

  /// The largest cell of each square window.
  public mutating func maxPool(_ size: Int, stride: Int? = nil) {
    let stride = stride ?? size
    add(
      "MaxPool", "pool",
      attributes: ["kernel_shape": .ints([size, size]), "strides": .ints([stride, stride])])
    shape = [shape[0]] + shape.dropFirst().map { ($0 - size) / stride + 1 }
  }

  /// A Dropout node.
  public mutating func dropout(_ rate: Float) {
    let made = next("dropout")
    constants["\(made).ratio"] = .float32(Tensor(scalar: rate))
    append("Dropout", made, inputs: [value, "\(made).ratio"])
  }

  /// Dropout of a kind on what a layer makes, or of its weights, as ONNX says that.
  /// - Parameter site: what the layer makes; nil for the last one
  public mutating func dropout(_ kind: any DropoutKind, _ rate: Double, at site: String? = nil) {
    dropouts.append((site ?? value, Dropout(kind, rate: Rate(clamping: rate))))
  }

  /// Batch normalisation of each channel or feature, by the running statistics 0 and 1 at first.
  public mutating func batchNorm() {
    let made = next("bn")
    let channels: Shape = [shape[0]]
    for (word, value) in [("scale", 1), ("bias", 0), ("mean", 0), ("variance", 1)] as [(_, Float)] {
      constants["\(made).\(word)"] = .float32(Tensor(channels, repeating: value))
    }
    append(
      "BatchNormalization", made,
      inputs: [value] + ["scale", "bias", "mean", "variance"].map { "\(made).\($0)" })
  }

  /// All maps of a sample as one row.
  public mutating func flatten() {
    add("Flatten", "flatten")
    shape = [shape.reduce(1, *)]
  }

  /// A row as maps of a sample.
  public mutating func maps(_ channels: Int, _ rows: Int, _ columns: Int) {
    precondition(shape.reduce(1, *) == channels * rows * columns, "\(shape) as maps")
    shape = [channels, rows, columns]
    let made = next("maps")
    constants["\(made).shape"] = .int64(NDArray([4], [-1] + shape.map(Int64.init)))
    append("Reshape", made, inputs: [value, "\(made).shape"])
  }

  /// The mean and the largest cell of each map as one row: fastai's `AdaptiveConcatPool2d`.
  public mutating func concatPool() {
    let (mean, largest) = (next("mean"), next("largest"))
    nodes.append(Node("GlobalAveragePool", inputs: [value], outputs: [mean]))
    nodes.append(
      Node(
        "MaxPool", inputs: [value], outputs: [largest],
        attributes: ["kernel_shape": .ints(Array(shape.dropFirst()))]))
    append(
      "Concat", next("concat"), inputs: [largest, mean], attributes: ["axis": .int(1)])
    shape = [2 * shape[0], 1, 1]
  }

  /// max(x, 0)
  public mutating func relu() { add(changes.activation ?? "Relu", "relu") }

  /// 1/(1 + e^−x); as the network's output it is not the nonlinearity that another may stand for.
  public mutating func sigmoid(isOutput: Bool = false) {
    add(isOutput ? "Sigmoid" : changes.activation ?? "Sigmoid", "sigmoid")
  }

  /// Probabilities.
  public mutating func softmax() { add("Softmax", "softmax", attributes: ["axis": .int(1)]) }

  /// The chain as a graph whose output is what the last layer makes.
  /// - Throws: `GraphError` where a dropout cannot act where it is; never for the layers above.
  public func graph() throws(GraphError) -> Graph {
    if let problem { throw problem }
    let graph = try Graph(
      name: name, inputs: [input], outputs: [value], constants: constants, nodes: nodes,
      metadata: metadata)
    return dropouts.isEmpty ? graph : try graph.adding(dropouts)
  }

  /// The width of the next layer of a word: as it is described, or as it is changed.
  mutating func width(_ described: Int, _ word: String) -> Int {
    let layer = "\(word)\(counts[word, default: 0] + 1)"
    let units = changes.widths[layer] ?? described
    widths.append((layer, units))
    return units
  }

  /// The name of the next layer of a word.
  mutating func next(_ word: String) -> String {
    counts[word, default: 0] += 1
    return "\(word)\(counts[word] ?? 0)"
  }

  private mutating func add(
    _ opType: String, _ word: String, weights: Shape? = nil, attributes: [String: Attribute] = [:]
  ) {
    let made = next(word)
    var inputs = [value]
    if let weights, !isTooLarge(weights, made) {
      let (weight, bias) = ("\(made).weight", "\(made).bias")
      constants[weight] = .float32(initializer.weights(weights, named: weight, seed: seed))
      constants[bias] = .float32(Tensor([weights[0]], repeating: 0))
      inputs += [weight, bias]
    }
    append(opType, made, inputs: inputs, attributes: attributes)
  }

  /// Weights that start from the seed; of a recurrent layer `[D,G·H,F]` each gate's as those of a layer
  /// of its own. Asked for again they are those there are: layers may share them.
  mutating func weights(_ name: String, _ dims: [Int], gates: Int = 1) -> String {
    guard constants[name] == nil, !isTooLarge(Shape(dims), name) else { return name }
    guard gates > 1 else {
      return constant(
        name, .float32(initializer.weights(Shape(dims), named: name, seed: seed)))
    }
    let block: Shape = [dims[1] / gates, dims[2]]
    let blocks = (0..<dims[0] * gates).flatMap { at in
      initializer.weights(block, named: "\(name) \(at)", seed: seed).elements
    }
    return constant(name, .float32(Tensor(Shape(dims), blocks)))
  }

  /// A bias, at 0; asked for again it is the one there is.
  mutating func zeros(_ name: String, _ dims: [Int]) -> String {
    constants[name] == nil ? constant(name, .float32(Tensor(Shape(dims), repeating: 0))) : name
  }

  /// The number of an axis as nodes read it, `[1]`.
  mutating func axis(_ axis: Int) -> String {
    constant("axis\(axis)", .int64(NDArray([1], [Int64(axis)])))
  }

  /// A constant of the graph.
  mutating func constant(_ name: String, _ value: Value) -> String {
    constants[name] = value
    return name
  }

  /// Adds a node of one output, which need not be what the next layer reads.
  mutating func node(
    _ opType: String, _ inputs: [String], _ made: String, attributes: [String: Attribute] = [:]
  ) {
    node(opType, inputs, [made], attributes: attributes)
  }

  /// Adds a node of one output, which the next layer reads.
  mutating func layer(
    _ opType: String, _ inputs: [String], _ made: String, shape: [Int],
    _ attributes: [String: Attribute] = [:]
  ) {
    append(opType, made, inputs: inputs, attributes: attributes)
    self.shape = shape
  }

  /// Adds a node of several outputs, of which some may have no name.
  mutating func node(
    _ opType: String, _ inputs: [String], _ made: [String], attributes: [String: Attribute] = [:]
  ) {
    nodes.append(Node(opType, inputs: inputs, outputs: made, attributes: attributes))
  }

  /// Whether weights are more than any machine trains: noted, and none are made.
  mutating func isTooLarge(_ weights: Shape, _ layer: String) -> Bool {
    guard weights.count > LayerChanges.mostWeights else { return false }
    problem =
      problem
      ?? GraphError(
        node: layer, "expected at most \(LayerChanges.mostWeights) weights, found \(weights)")
    return true
  }

  private mutating func append(
    _ opType: String, _ made: String, inputs: [String], attributes: [String: Attribute] = [:]
  ) {
    nodes.append(Node(opType, inputs: inputs, outputs: [made], attributes: attributes))
    value = made
  }
}
