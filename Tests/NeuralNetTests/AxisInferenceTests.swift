import Foundation
import NeuralNet
import TensorCore
import Testing

/// Names of axes through whole graphs.
struct AxisInferenceTests {
  /// A network of nodes; `weights` are constants of ones, `lists` constants of whole numbers.
  static func network(
    _ inputs: [Graph.Input], weights: [String: Shape] = [:], lists: [String: [Int64]] = [:],
    _ nodes: [Node], outputs: [String]? = nil, axisNames: [String: [Axis]] = [:]
  ) throws -> Network {
    var constants = weights.mapValues { Value.float32(NDArray($0, repeating: 1)) }
    for (name, list) in lists { constants[name] = .int64(NDArray([list.count], list)) }
    return Network(
      try Graph(
        name: "g", inputs: inputs, outputs: outputs ?? [nodes.last?.outputs.first ?? ""],
        constants: constants, nodes: nodes, axisNames: axisNames, operators: .standard))
  }

  static func node(
    _ opType: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:]
  ) -> Node {
    Node(opType, inputs: inputs, outputs: [output], attributes: attributes)
  }

  static func texts(_ network: Network) -> [String: String] { network.axes.mapValues(\.text) }

  static func x(_ dims: [Int?], _ names: [String?]? = nil) -> Graph.Input {
    Graph.Input("x", dims: dims, dimNames: names)
  }

  @Test("a network on images: maps until the flatten, features behind it")
  func leNet() throws {
    var builder = GraphBuilder("lenet", input: [1, 28, 28], seed: 1)
    builder.conv(6, 5, same: true)
    builder.relu()
    builder.maxPool(2)
    builder.conv(16, 5)
    builder.sigmoid()
    builder.maxPool(2)
    builder.flatten()
    builder.dense(120)
    builder.relu()
    builder.dropout(0.5)
    builder.dense(10)
    builder.softmax()
    let network = Network(try builder.graph())
    let texts = Self.texts(network)
    for value in ["input", "conv1", "relu1", "pool1", "conv2", "sigmoid1", "pool2"] {
      #expect(texts[value] == "[N,C,H,W]", "\(value)")
    }
    for value in ["flatten1", "dense1", "relu2", "dropout1", "dense2", "softmax1"] {
      #expect(texts[value] == "[N,F]", "\(value)")
    }
    #expect(texts.count == 13)
    #expect(network.axisConflicts.isEmpty)
    let layout = network.layout(of: "pool2", shape: [2, 16, 5, 5])
    #expect((layout.n, layout.c, layout.h, layout.w) == (2, 16, 5, 5))
    #expect(network.layout(of: "pool2", shape: [16, 5, 5]).axes == [.unknown, .unknown, .unknown])
    #expect(network.layout(of: "conv1.bias", shape: [6]).axes == [.unknown])
  }

  @Test("channels last through Transpose, known backwards to the input", arguments: [1, nil, 8])
  func channelsLast(samples: Int?) throws {
    let network = try Self.network(
      [Self.x([samples, 10, 10, 3])], weights: ["w": [4, 3, 3, 3], "wd": [256, 5]],
      lists: ["s": [-1, 256]],
      [
        Self.node("Transpose", ["x"], "n", ["perm": .ints([0, 3, 1, 2])]),
        Self.node("Conv", ["n", "w"], "c"), Self.node("Relu", ["c"], "r"),
        Self.node("Transpose", ["r"], "l", ["perm": .ints([0, 2, 3, 1])]),
        Self.node("Dropout", ["l"], "d"), Self.node("Reshape", ["d", "s"], "f"),
        Self.node("MatMul", ["f", "wd"], "y"),
      ])
    #expect(
      Self.texts(network) == [
        "x": "[N,H,W,C]", "n": "[N,C,H,W]", "c": "[N,C,H,W]", "r": "[N,C,H,W]",
        "l": "[N,H,W,C]", "d": "[N,H,W,C]", "f": "[N,F]", "y": "[N,F]",
      ])
  }

  /// Patches by a convolution, a class token in front of them, one block of attention with two heads.
  static func visionTransformer(samples: Int?) throws -> Network {
    func heads(_ name: String, _ order: [Int]) -> [Node] {
      [
        node("MatMul", ["norm", "w_\(name)"], name),
        node("Reshape", [name, "split"], "\(name)_split"),
        node("Transpose", ["\(name)_split"], "\(name)_heads", ["perm": .ints(order)]),
      ]
    }
    let batch = node("Shape", ["x"], "batch", ["end": .int(1)])
    return try network(
      [x([samples, 3, 32, 32])],
      weights: [
        "kernel": [8, 3, 8, 8], "class": [1, 1, 8], "positions": [1, 17, 8], "scale": [8],
        "w_q": [8, 8], "w_k": [8, 8], "w_v": [8, 8], "w_o": [8, 8], "w_y": [8, 10],
      ],
      lists: [
        "flat": [0, 8, -1], "one_eight": [1, 8], "split": [0, 0, 2, 4], "join": [0, 0, 8],
        "zero": [0], "one": [1], "axis": [1],
      ],
      [
        node("Conv", ["x", "kernel"], "patches", ["strides": .ints([8, 8])]),
        node("Reshape", ["patches", "flat"], "row"),
        node("Transpose", ["row"], "tokens", ["perm": .ints([0, 2, 1])]),
        batch, node("Concat", ["batch", "one_eight"], "class_shape", ["axis": .int(0)]),
        node("Expand", ["class", "class_shape"], "class_tokens"),
        node("Concat", ["class_tokens", "tokens"], "sequence", ["axis": .int(1)]),
        node("Add", ["sequence", "positions"], "placed"),
        node("LayerNormalization", ["placed", "scale"], "norm"),
      ] + heads("q", [0, 2, 1, 3]) + heads("k", [0, 2, 3, 1]) + heads("v", [0, 2, 1, 3]) + [
        node("MatMul", ["q_heads", "k_heads"], "scores"), node("Softmax", ["scores"], "weights"),
        node("MatMul", ["weights", "v_heads"], "context"),
        node("Transpose", ["context"], "merged", ["perm": .ints([0, 2, 1, 3])]),
        node("Reshape", ["merged", "join"], "joined"), node("MatMul", ["joined", "w_o"], "out"),
        node("Add", ["placed", "out"], "sum"),
        node("Slice", ["sum", "zero", "one", "axis"], "first"),
        node("Squeeze", ["first", "axis"], "pooled"), node("MatMul", ["pooled", "w_y"], "y"),
      ])
  }

  @Test("patches are tokens, attention is between tokens", arguments: [nil, 1, 4])
  func transformer(samples: Int?) throws {
    let network = try Self.visionTransformer(samples: samples)
    let texts = Self.texts(network)
    let expected = [
      "x": "[N,C,H,W]", "patches": "[N,C,H,W]", "row": "[N,C,S]", "tokens": "[N,S,F]",
      "sequence": "[N,S,F]", "placed": "[N,S,F]", "norm": "[N,S,F]", "q": "[N,S,F]",
      "q_split": "[N,S,A?,F?]", "q_heads": "[N,A?,S,F?]", "k_heads": "[N,A?,F?,S]",
      "scores": "[N,A?,S,S]", "weights": "[N,A?,S,S]", "context": "[N,A?,S,F?]",
      "merged": "[N,S,A?,F?]", "joined": "[N,S,F]", "out": "[N,S,F]", "sum": "[N,S,F]",
      "pooled": "[N,F]", "y": "[N,F]",
    ]
    for (value, axes) in expected { #expect(texts[value] == axes, "\(value)") }
    #expect(network.axisConflicts.isEmpty)
  }

  @Test("words, and sequences with the names the file gives or without")
  func tokens() throws {
    let words = try Self.network(
      [.init("ids", type: .int64, dims: [nil, nil], dimNames: ["batch_size", "sequence_length"])],
      weights: ["table": [50, 8], "scale": [8], "w": [8, 8]],
      [
        Self.node("Gather", ["table", "ids"], "embedding"),
        Self.node("LayerNormalization", ["embedding", "scale"], "norm"),
        Self.node("MatMul", ["norm", "w"], "dense"), Self.node("Gelu", ["dense"], "gelu"),
        Self.node("Add", ["gelu", "embedding"], "y"),
      ])
    #expect(Self.texts(words)["ids"] == "[N,S]")
    for value in ["embedding", "norm", "dense", "gelu", "y"] {
      #expect(Self.texts(words)[value] == "[N,S,F]", "\(value)")
    }
    let plain: [Node] = [
      Self.node("MatMul", ["x", "w"], "dense"), Self.node("Relu", ["dense"], "relu"),
      Self.node("LayerNormalization", ["relu", "scale"], "y"),
    ]
    let weights: [String: Shape] = ["w": [6, 8], "scale": [8]]
    let named = try Self.network(
      [Self.x([nil, nil, 6], ["batch", "seq", nil])], weights: weights, plain)
    #expect(Set(Self.texts(named).values) == ["[N,T,F]"])
    let unnamed = try Self.network([Self.x([nil, nil, 6])], weights: weights, plain)
    #expect(Set(Self.texts(unnamed).values) == ["[N?,T?,F]"])
    let ids = try Self.network(
      [.init("x", type: .int64, dims: [nil, 7])], weights: ["table": [50, 8]],
      [Self.node("Gather", ["table", "x"], "y")])
    #expect(Self.texts(ids) == ["x": "[N,S]", "y": "[N,S,F]"])
  }

  @Test("batches folded into rows and taken apart again keep samples first")
  func folded() throws {
    let network = try Self.network(
      [Self.x([nil, nil, 6], ["batch", "time", nil])], weights: ["w": [6, 8], "s": [8]],
      lists: ["rows": [-1, 6], "back": [0, -1, 8], "one": [1]],
      [
        Self.node("Reshape", ["x", "rows"], "rowed"),
        Self.node("Gemm", ["rowed", "w"], "dense"),
        Self.node("Shape", ["x"], "shape", ["end": .int(2)]),
        Self.node("Constant", [], "eight", ["value_ints": .ints([8])]),
        Self.node("Concat", ["shape", "eight"], "full", ["axis": .int(0)]),
        Self.node("Reshape", ["dense", "full"], "apart"),
        Self.node("LayerNormalization", ["apart", "s"], "y"),
      ])
    let texts = Self.texts(network)
    #expect(texts["rowed"] == "[N,F]")
    #expect(texts["dense"] == "[N,F]")
    #expect(texts["y"] == "[N?,T?,F]")
    // Also where the batch that is asked about is one sample.
    let one = network.axes(network.signature(inputs: ["x": [1, 5, 6]]))
    #expect(one["rowed"]?.text == "[N,F]")
  }

  @Test("one dimension: columns where nobody says otherwise, else times")
  func oneDimension() throws {
    func conv(_ input: Graph.Input, _ before: [Node] = []) throws -> [String: String] {
      let from = before.last?.outputs[0] ?? "x"
      return Self.texts(
        try Self.network(
          [input], weights: ["w": [4, 3, 3]],
          before + [Self.node("Conv", [from, "w"], "c"), Self.node("Relu", ["c"], "y")]))
    }
    #expect(Set(try conv(Self.x([nil, 3, 20])).values) == ["[N,C,W]"])
    #expect(Set(try conv(Self.x([nil, 3, nil], ["batch", nil, "seq_len"])).values) == ["[N,C,T]"])
    let turned = try conv(
      Self.x([nil, nil, 3], ["n", "time", nil]),
      [Self.node("Transpose", ["x"], "t", ["perm": .ints([0, 2, 1])])])
    #expect(turned == ["x": "[N,T,F]", "t": "[N,C,T]", "c": "[N,C,T]", "y": "[N,C,T]"])
  }

  @Test func volumes() throws {
    let network = try Self.network(
      [Self.x([nil, 3, 8, 8, 8])], weights: ["k": [3, 4, 2, 2, 2], "c": [4]],
      [
        Self.node("ConvTranspose", ["x", "k"], "conv"),
        Self.node("BatchNormalization", ["conv", "c", "c", "c", "c"], "norm"),
        Self.node("MaxPool", ["norm"], "pool", ["kernel_shape": .ints([3, 3, 3])]),
        Self.node("GlobalAveragePool", ["pool"], "mean"),
        Self.node("Flatten", ["mean"], "y"),
      ])
    var texts = Self.texts(network)
    #expect(texts.removeValue(forKey: "y") == "[N,F]")
    #expect(Set(texts.values) == ["[N,C,D,H,W]"])
  }

  @Test(
    "what nothing says is shown as a guess",
    arguments: [
      ([2, 3, 4, 5], "[N?,C?,H?,W?]"), ([2, 3, 4, 5, 6], "[N?,C?,D?,H?,W?]"),
      ([2, 3, 4], "[N?,T?,F?]"), ([2, 3], "[N?,F?]"), ([2], "[?]"), ([], "[]"),
      ([2, 3, 4, 5, 6, 7], "[?,?,?,?,?,?]"),
      // A last size of an image's channels, where the second is none.
      ([2, 8, 9, 3], "[N?,H?,W?,C?]"), ([2, 8, 9, 1], "[N?,H?,W?,C?]"),
      ([2, 3, 9, 3], "[N?,C?,H?,W?]"), ([2, 8, 9, 2], "[N?,C?,H?,W?]"),
    ])
  func guesses(dims: [Int], text: String) throws {
    let network = try Self.network([Self.x(dims)], [Self.node("Relu", ["x"], "y")])
    #expect(Self.texts(network) == ["x": text, "y": text])
  }

  @Test("guesses follow what is known")
  func partialGuesses() throws {
    func input(_ names: [String?]) throws -> String? {
      let network = try Self.network(
        [Self.x(names.map { _ in 4 }, names)], [Self.node("Relu", ["x"], "y")])
      return Self.texts(network)["y"]
    }
    #expect(try input([nil, nil, nil, "channels"]) == "[N?,H?,W?,C]")
    #expect(try input([nil, "channel", nil]) == "[N?,C,W?]")
    #expect(try input([nil, nil, "width"]) == "[N?,C?,W]")
    #expect(try input(["time", nil, nil]) == "[T,N?,F?]")
    #expect(try input(["time", nil]) == "[T,F?]")
    #expect(try input([nil, "heads", nil, nil]) == "[N?,A,S?,F?]")
    // No order that anyone has.
    #expect(try input(["width", "channel", nil]) == "[W,C,?]")
  }

  @Test("what the user says goes before all, everywhere, and its contradictions are told")
  func overrides() throws {
    let axes = try Axis.list(parsing: "N,H,C,W")
    let network = try Self.network(
      [Self.x([2, 3, 8, 8])], weights: ["w": [4, 3, 3, 3]],
      [Self.node("Relu", ["x"], "relu"), Self.node("Conv", ["relu", "w"], "y")],
      axisNames: ["relu": axes])
    #expect(Self.texts(network) == ["x": "[N,H,C,W]", "relu": "[N,H,C,W]", "y": "[N,C,C,W]"])
    #expect(
      network.axisConflicts.map(\.description) == [
        "axis 1 of relu is row, and y takes it for channel",
        "axis 2 of relu is channel, and y takes it for row",
      ])
    let guessed = try Self.network(
      [Self.x([2, 3, 8])], [Self.node("Relu", ["x"], "y")],
      axisNames: ["y": try Axis.list(parsing: "N,?,W"), "x": [Axis(.sample)]])
    #expect(Set(Self.texts(guessed).values) == ["[N,C?,W]"])
  }

  @Test(
    "words a file may call sizes by",
    arguments: [
      ("batch", "N"), ("N", "N"), ("batch_size", "N"), ("time", "T"), ("seq", "T"), ("tokens", "S"),
      ("sequence_length", "T"), ("past_sequence_length + 1", "T"), ("height", "H"),
      ("image_width", "W"), ("w", "W"), ("channels", "C"), ("num_heads", "A"), ("n_mels", "F?"),
      ("unk__0", "F?"), ("batch*time", "F?"), ("", "F?"),
    ])
  func dimNames(text: String, letter: String) throws {
    let network = try Self.network(
      [Self.x([nil, nil], [nil, text])], [Self.node("Relu", ["x"], "y")])
    let axes = try #require(network.axes["y"])
    #expect(axes[1].description == letter)
  }

  @Test("names find their way through any number of turns, in linear time")
  func turns() throws {
    // y_i = x_i + x_(i+1): a name on the first input reaches the last by going down and up at each.
    func chain(_ count: Int) throws -> Network {
      try Self.network(
        (0...count).map { .init("x\($0)", dims: [2, 3], dimNames: $0 == 0 ? ["t", "c"] : nil) },
        (0..<count).map { Self.node("Add", ["x\($0)", "x\($0 + 1)"], "y\($0)") })
    }
    let clock = ContinuousClock()
    let network = try chain(5000)
    let time = clock.measure { #expect(network.axes["x5000"]?.text == "[T,C]") }
    #expect(network.axes.count == 10_001)
    // Passes over the whole graph at each turn would take a minute.
    #expect(time < .seconds(20))
  }

  @Test("ask twice, work once")
  func remembered() throws {
    let network = try Self.visionTransformer(samples: nil)
    let copy = network
    #expect(network.axes == copy.axes)
    #expect(network.axes == network.axes(network.signature(inputs: ["x": [3, 3, 32, 32]])))
  }
}
