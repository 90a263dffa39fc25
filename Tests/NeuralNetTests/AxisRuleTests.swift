import NeuralNet
import TensorCore
import Testing

/// The axis rule of every operator against what the operator does: inputs are changed slice by slice,
/// and where the results change says which axes belong together.
struct AxisRuleTests {
  static let opTypes = OperatorRegistry.standard.withoutBodies

  /// Inputs that are weights or settings: what they scale or shift has axes from elsewhere.
  static let parameters: [String: Set<Int>] = [
    "BatchNormalization": [1, 2, 3, 4], "Conv": [1, 2], "ConvTranspose": [1, 2],
    "GroupNormalization": [1, 2], "DequantizeLinear": [1], "QuantizeLinear": [1],
    "RMSNormalization": [1], "RotaryEmbedding": [1, 2],
    // A largest number may stay the largest however it is changed.
    "Hardmax": [0], "GRU": [1, 2, 3, 5], "InstanceNormalization": [1, 2],
    "LSTM": [1, 2, 3, 5, 6, 7],
    "LayerNormalization": [1, 2], "RNN": [1, 2, 3, 5], "Resize": [1, 2], "Upsample": [1],
  ]

  @Test("an axis is said to be the input's that it follows", arguments: opTypes)
  func traced(opType: String) throws {
    var checked = 0
    for golden in try GoldenCase.load(opType) {
      // Bits are those of the type a value has in the graph.
      if opType == "BitCast", golden.inputs[0]?.value.type != .float32 { continue }
      let operation = try OperatorRegistry.standard.make(golden.node(opType), opset: golden.opset)
      // A softmax that is 1 at one place and 0 elsewhere follows no small step.
      let values = golden.inputs.map { input -> Value? in
        guard opType == "Softmax", let x = input?.value.tensor else {
          return input?.value.computed
        }
        return .float32(x.map { $0 / (1 + abs($0)) })
      }
      let trace = try AxisTrace(operation, Inputs(opType, values))
      // Once with activations for all float inputs, once with weights for all but the first.
      for weights in [false, true] {
        let (rule, outputs) = try rule(operation, trace.inputs, weights: weights)
        let shapes = outputs.map(\.shape.rank)
        #expect(rule.outputs.map(\.count) == shapes, "\(golden)")
        // Where sequences end, samples tell times apart.
        let hasEnds = operation is any RecurrentOperator && trace.inputs.optional(4) != nil
        let ignored = (Self.parameters[opType] ?? []).union(hasEnds ? [0] : [])
        let faults = trace.faults(of: rule, ignoring: ignored)
        #expect(faults == [], "\(golden)")
        checked += 1
      }
    }
    #expect(checked > 0)
  }

  private func rule(
    _ operation: any NeuralNet.Operator, _ inputs: Inputs<Value>, weights: Bool
  ) throws -> (AxisRule, [ValueInfo]) {
    let known = Inputs(
      inputs.opType,
      (0..<inputs.count).map { index -> ValueInfo? in
        guard let value = inputs.optional(index) else { return nil }
        let isFactor = GoldenCase.saysShape(inputs.opType, index)
        return isFactor || value.type == .int64 || (weights && index > 0)
          ? ValueInfo(constant: value) : ValueInfo(value.shape, type: value.type)
      })
    let outputs = try operation.outputs(for: known)
    return (operation.axes(of: known, outputs: outputs), outputs)
  }

  /// The test above can fail: each of these says something wrong of an operator.
  @Test func wrongRulesAreFound() throws {
    func faults(_ node: Node, _ shapes: [Shape], _ outputs: [AxisRule.Origin]) throws -> [String] {
      let operation = try OperatorRegistry.standard.make(node, opset: 13)
      let values = shapes.map { shape in
        Value.float32(NDArray(shape, (0..<shape.count).map { Float(($0 * 7 + 3) % 11) / 4 - 1 }))
      }
      let trace = try AxisTrace(operation, Inputs(node.opType, values))
      return trace.faults(of: AxisRule(outputs: [outputs]), ignoring: [])
    }
    func same(_ axes: Int...) -> [AxisRule.Origin] { axes.map { .axes([.init(0, $0)]) } }
    let turn = Node(
      "Transpose", inputs: ["x"], outputs: ["y"], attributes: ["perm": .ints([0, 2, 1])])
    #expect(try faults(turn, [[2, 3, 4]], same(0, 2, 1)) == [])
    #expect(try !faults(turn, [[2, 3, 4]], same(0, 1, 2)).isEmpty)
    #expect(try !faults(turn, [[2, 3, 3]], same(0, 1, 2)).isEmpty)
    #expect(try !faults(turn, [[2, 3, 4]], same(0, 2) + [.unknown]).isEmpty)
    let pool = Node(
      "MaxPool", inputs: ["x"], outputs: ["y"], attributes: ["kernel_shape": .ints([2, 2])])
    #expect(try faults(pool, [[2, 3, 5, 5]], same(0, 1, 2, 3)) == [])
    #expect(try !faults(pool, [[2, 3, 5, 5]], same(0, 1, 3, 2)).isEmpty)
    let flatten = Node("Flatten", inputs: ["x"], outputs: ["y"])
    let merged = AxisRule.Origin.merged([.init(0, 1), .init(0, 2)])
    #expect(try faults(flatten, [[2, 3, 4]], same(0) + [merged]) == [])
    #expect(try !faults(flatten, [[2, 3, 4]], [merged] + same(0)).isEmpty)
    let sum = Node("Add", inputs: ["x", "b"], outputs: ["y"])
    #expect(try !faults(sum, [[2, 3], [3]], same(0, 1)).isEmpty)
    let softmax = Node("Softmax", inputs: ["x"], outputs: ["y"])
    #expect(try faults(softmax, [[3, 3]], same(0, 1)) == [])
    #expect(try !faults(softmax, [[3, 3]], same(1, 0)).isEmpty)
  }

  static func rule(
    _ opType: String, _ shapes: [Shape], attributes: [String: Attribute] = [:],
    constants: [Int: Value] = [:]
  ) throws -> AxisRule {
    let names = shapes.indices.map { "x\($0)" }
    let node = Node(opType, inputs: names, outputs: ["y"], attributes: attributes)
    let operation = try OperatorRegistry.standard.make(node, opset: 13)
    let infos = shapes.enumerated().map { index, shape in
      constants[index].map(ValueInfo.init(constant:)) ?? ValueInfo(shape)
    }
    let inputs = Inputs(opType, infos)
    return operation.axes(of: inputs, outputs: try operation.outputs(for: inputs))
  }

  @Test("operators on maps say where channels and cells are")
  func maps() throws {
    let kernel: [Int: [Axis.Name?]] = [
      3: [.sample, .channel, nil], 4: [.sample, .channel, .row, .column],
      5: [.sample, .channel, .depth, .row, .column],
    ]
    for (rank, names) in kernel {
      let x = Shape([2, 3] + [Int](repeating: 4, count: rank - 2))
      let window: [String: Attribute] = [
        "kernel_shape": .ints([Int](repeating: 2, count: rank - 2))
      ]
      let weights = Shape([3, 3] + [Int](repeating: 2, count: rank - 2))
      let uses: [(String, [Shape], [String: Attribute])] =
        [
          ("MaxPool", [x], window), ("AveragePool", [x], window), ("LpPool", [x], window),
          ("GlobalAveragePool", [x], [:]), ("GlobalMaxPool", [x], [:]),
          ("LRN", [x], ["size": .int(3)]), ("BatchNormalization", [x, [3], [3], [3], [3]], [:]),
          ("InstanceNormalization", [x, [3], [3]], [:]), ("ConvTranspose", [x, weights], [:]),
        ] + (rank < 5 ? [("Conv", [x, weights], [:])] : [])
      for (opType, shapes, attributes) in uses {
        let rule = try Self.rule(opType, shapes, attributes: attributes)
        #expect(rule.reads == [0: names], "\(opType)")
        #expect(rule.expects == (rank == 3 ? [0: [nil, nil, .column]] : [:]), "\(opType)")
        let isNew = opType.hasPrefix("Conv")
        #expect(
          rule.outputs[0][1] == (isNew ? .named(.channel) : .axes([.init(0, 1)])), "\(opType)")
      }
    }
  }

  @Test("products make features, and expect them")
  func products() throws {
    let weights = Value.float32(NDArray([4, 5], repeating: 1))
    func first(_ axis: Int) -> AxisRule.Origin { .axes([.init(0, axis)]) }
    let dense = try Self.rule("MatMul", [[2, 3, 4], [4, 5]], constants: [1: weights])
    #expect(dense.expects == [0: [nil, nil, .feature]])
    #expect(dense.outputs == [[first(0), first(1), .named(.feature)]])
    let attention = try Self.rule("MatMul", [[2, 3, 4], [2, 4, 5]])
    #expect(attention.expects == [:])
    #expect(
      attention.outputs == [[.axes([.init(0, 0), .init(1, 0)]), first(1), .axes([.init(1, 2)])]])
    let gemm = try Self.rule(
      "Gemm", [[4, 2], [4, 5]], attributes: ["transA": .int(1)], constants: [1: weights])
    #expect(gemm.expects == [0: [.feature, .sample]])
    #expect(gemm.outputs == [[first(1), .named(.feature)]])
    let turned = try Self.rule("MatMul", [[4, 5], [5, 3]], constants: [0: weights])
    #expect(turned.outputs == [[.named(.feature), .axes([.init(1, 1)])]])
    let norm = try Self.rule("LayerNormalization", [[2, 3, 4], [4]])
    #expect(norm.expects == [0: [nil, nil, .feature]])
    let all = try Self.rule("LayerNormalization", [[2, 3, 4], [4]], attributes: ["axis": .int(1)])
    #expect(all.expects == [:])
  }

  @Test(
    "reshapes keep axes that stand alone, whatever is 1",
    arguments: [
      // Old sizes, what the shape says, and for each axis where it comes from.
      ([2, 3, 4], [2, 12], "0 12"), ([2, 3, 4], [-1, 4], "01 2"), ([2, 3, 4], [24], "012"),
      ([2, 12], [2, 3, 4], "0 ? ?"), ([2, 3, 4], [2, 4, 3], "0 ? ?"),
      ([6, 4], [2, 3, 4], "? ? 1"),
      ([2, 3, 4], [2, 3, 4], "0 1 2"), ([2, 3, 4], [0, -1], "0 12"),
      ([2, 3, 4], [0, 0, -1], "0 1 2"),
      // One sample of one channel.
      ([1, 1, 28, 28], [1, 784], "0 123"), ([1, 1, 28, 28], [-1, 784], "0 123"),
      ([1, 1, 28, 28], [0, -1], "0 123"), ([5, 1, 28, 28], [5, 784], "0 123"),
      ([1, 1, 4, 7], [1, 4, 7, 1], "0 2 3 ?"), ([1, 4, 7], [1, 1, 4, 7], "0 ? 1 2"),
      ([1, 16, 5, 5], [1, 400], "0 123"), ([1, 5, 6], [-1, 6], "01 2"),
      ([1, 1, 6], [-1, 6], "01 2"),
      ([3, 8, 1, 1], [3, 8], "0 1"), ([3, 8, 1, 1], [3, -1], "0 123"), ([3, 1, 8], [3, 8], "0 2"),
      ([3, 8, 1, 1], [0, 0, 1, 1], "0 1 2 3"), ([1, 1, 1], [1, -1], "0 12"), ([1, 1], [1], "0"),
      ([3, 1, 8], [3, -1], "0 12"), ([1], [1, 1], "0 ?"), ([4, 1, 7], [28], "012"), ([], [1], "?"),
      ([2, 0, 4], [2, 0, 3], "0 1 ?"), ([2, 0, 4], [3, 0, 4], "? 1 2"),
    ])
  func reshapes(old: [Int], wanted: [Int], text: String) throws {
    let list = Value.int64(NDArray([wanted.count], wanted.map(Int64.init)))
    let rule = try Self.rule("Reshape", [Shape(old), [wanted.count]], constants: [1: list])
    let found = rule.outputs[0].map { origin in
      switch origin {
      case .axes(let places), .merged(let places): places.map { "\($0.axis)" }.joined()
      case .named, .unknown: "?"
      }
    }
    #expect(found.joined(separator: " ") == text)
  }

  @Test("cells that are resized are at the end or before the channels")
  func resize() throws {
    func expects(_ sizes: [Int64]) throws -> [Axis.Name?]? {
      let node = Node("Resize", inputs: ["x", "", "", "sizes"], outputs: ["y"])
      let operation = try OperatorRegistry.standard.make(node, opset: 13)
      let sizes = ValueInfo(constant: .int64(NDArray([sizes.count], sizes)))
      let inputs = Inputs("Resize", [ValueInfo([2, 4, 4, 3]), nil, nil, sizes])
      return operation.axes(of: inputs, outputs: try operation.outputs(for: inputs)).expects[0]
    }
    #expect(try expects([2, 4, 8, 6]) == [.sample, .channel, .row, .column])
    #expect(try expects([2, 8, 8, 3]) == [.sample, .row, .column, .channel])
    #expect(try expects([2, 4, 4, 3]) == nil)
    #expect(try expects([2, 4, 8, 3]) == nil)
  }
}
