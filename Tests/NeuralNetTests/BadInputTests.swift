import Masks
import NeuralNet
import TensorCore
import Testing

/// Whatever a file says, an operator throws an error of one line or computes; it never traps. And
/// wherever forward computes, the shape rule has said the same.
struct BadInputTests {
  static let opTypes = OperatorRegistry.standard.withoutBodies
  /// Operators that look at numbers: divisors, indices, lengths.
  static let mayRefuseValues: Set<String> = [
    "Div", "Gather", "GatherElements", "GatherND", "Mod", "ReverseSequence", "ScatterElements",
    "ScatterND", "NegativeLogLikelihoodLoss", "RotaryEmbedding", "SoftmaxCrossEntropyLoss",
    "MaxUnpool", "RoiAlign", "Scatter", "TensorScatter",
  ]
  static let opsets = [1, 6, 7, 9, 11, 12, 13, 15, 22]

  /// Runs one node; returns whether it computed.
  @discardableResult
  static func attempt(_ node: Node, opset: Int, _ inputs: [Value?]) -> Bool {
    func check(_ error: any Error) {
      let text = "\(error)"
      #expect(!text.contains("\n") && text.count < 400, "\(node.opType): \(text)")
    }
    let operation: any Operator
    do {
      operation = try OperatorRegistry.standard.make(node, opset: opset)
    } catch {
      check(error)
      return false
    }
    // With nothing known but shapes; then with everything known.
    for constant in [false, true] {
      let known = inputs.map { value in
        value.map { constant ? ValueInfo(constant: $0) : ValueInfo($0.shape, type: $0.type) }
      }
      let described = Inputs(node.opType, known)
      do {
        let outputs = try operation.outputs(for: described)
        _ = operation.multiplyAdds(inputs: described, outputs: outputs)
        guard constant else { continue }
        do {
          let results = try operation.forward(Inputs(node.opType, inputs), RunContext())
          #expect(results.map(\.shape) == outputs.map(\.shape), "\(node.opType) \(opset)")
          #expect(results.map(\.type) == outputs.map(\.type), "\(node.opType) \(opset)")
          return true
        } catch {
          // Division by a zero and an index out of range are all that shapes and types cannot tell.
          let isValue = Self.mayRefuseValues.contains(node.opType)
          #expect(isValue, "\(node.opType) \(opset): \(error)")
        }
      } catch {
        check(error)
        guard constant else { continue }
        #expect(throws: TensorError.self, "\(node.opType) \(opset): \(error)") {
          try operation.forward(Inputs(node.opType, inputs), RunContext())
        }
      }
    }
    return false
  }

  static let values: [Value?] = [
    nil, .float32(NDArray(scalar: 1)), .float32(NDArray([0], [])),
    .float32(NDArray([3], [1, 2, 3])),
    .float32(NDArray([2, 0, 4], [])), .float32(NDArray([1, 1, 3, 3], repeating: 2)),
    .float32(NDArray([0, .max], [])), .float32(NDArray([1, 1, 1, 1, 1], [5])),
    .int64(NDArray(scalar: -1)), .int64(NDArray([2], [.min, .max])),
    .int64(NDArray([3], [0, -1, -1])),
    .int64(NDArray([0], [])), .int64(NDArray([1, 1], [0])),
    .bool(NDArray([3], [true, false, true])),
  ]

  @Test("no inputs, too few, too many, of wrong ranks and types", arguments: opTypes)
  func combinations(opType: String) throws {
    // Attributes that some opset demands, so that not everything ends at the first guard.
    let attributes = try GoldenCase.load(opType).last?.attributes.mapValues(\.attribute) ?? [:]
    for opset in Self.opsets {
      for attributes in [[:], attributes] {
        func attempt(_ inputs: [Value?]) {
          let node = Node(
            opType, inputs: inputs.indices.map { "x\($0)" }, outputs: ["y", "z"],
            attributes: attributes)
          Self.attempt(node, opset: opset, inputs)
        }
        attempt([])
        for a in Self.values {
          attempt([a])
          for b in Self.values { attempt([a, b]) }
          attempt([a, a, a])
          attempt([a, a, a, a, a])
          attempt([a, nil, a, nil, a, a, a])
        }
      }
    }
  }

  @Test("golden cases with a hostile number in an attribute", arguments: opTypes)
  func hostileAttributes(opType: String) throws {
    let hostile = [
      0, -1, 2, 5, -5, 1 << 29, 1 << 30, 1 << 31, 1 << 40, 1 << 62, .max, .min, .min + 1,
    ]
    for golden in try GoldenCase.load(opType) {
      let node = golden.node(opType)
      let inputs = golden.inputs.map { $0?.value.computed }
      for (name, attribute) in node.attributes {
        for number in hostile {
          var variants: [Attribute] = [.int(number), .ints([number]), .ints([])]
          if case .ints(let old) = attribute {
            variants += old.indices.map { index in
              var changed = old
              changed[index] = number
              return .ints(changed)
            }
            variants += [.ints(old + [number]), .ints(old.map { _ in number })]
          }
          for variant in variants {
            var changed = node
            changed.attributes[name] = variant
            Self.attempt(changed, opset: golden.opset, inputs)
          }
        }
        for variant in [Attribute.string("SAME"), .float(.nan), .floats([]), .unsupported("graph")]
        {
          var changed = node
          changed.attributes[name] = variant
          Self.attempt(changed, opset: golden.opset, inputs)
        }
      }
    }
  }

  @Test("golden cases with an input changed", arguments: opTypes)
  func changedInputs(opType: String) throws {
    let numbers: [Int64] = [0, -1, -2, 7, 1 << 32, 1 << 62, .max, .min]
    for golden in try GoldenCase.load(opType) {
      let node = golden.node(opType)
      let inputs = golden.inputs.map { $0?.value.computed }
      for index in inputs.indices {
        var variants = Self.values
        if case .int64(let old)? = inputs[index] {
          for position in old.elements.indices {
            variants += numbers.map { number in
              var changed = old
              changed[position] = number
              return .int64(changed)
            }
          }
          variants += numbers.map { .int64(NDArray(old.shape, repeating: $0)) }
        }
        for variant in variants {
          var changed = inputs
          changed[index] = variant
          Self.attempt(node, opset: golden.opset, changed)
        }
        Self.attempt(node, opset: golden.opset, Array(inputs[..<index]))
      }
    }
  }

  @Test("golden cases with a size at an end of what there is", arguments: opTypes)
  func sizesAtTheEnds(opType: String) throws {
    for golden in try GoldenCase.load(opType) {
      let node = golden.node(opType)
      let inputs = golden.inputs.map { $0?.value.computed }
      for (index, input) in inputs.enumerated() {
        guard let input else { continue }
        for axis in input.shape.dims.indices {
          for size in [0, 1, 2, 1 << 31, 1 << 40, 1 << 62, Int.max] {
            var dims = input.shape.dims
            dims[axis] = size
            Self.attempt(node, opset: golden.opset, inputs, changing: index, to: dims)
            // Nothing of a great many.
            if axis > 0 { dims[0] = 0 } else if dims.count > 1 { dims[1] = 0 }
            Self.attempt(node, opset: golden.opset, inputs, changing: index, to: dims)
          }
        }
      }
    }
  }

  /// The rules of a node with an input of another shape; where that is small, all of it.
  private static func attempt(
    _ node: Node, opset: Int, _ inputs: [Value?], changing index: Int, to dims: [Int]
  ) {
    guard let shape = try? Shape(checking: dims, in: "test"),
      let operation = try? OperatorRegistry.standard.make(node, opset: opset)
    else { return }
    var infos = inputs.map { $0.map(ValueInfo.init(constant:)) }
    infos[index] = ValueInfo(shape, type: inputs[index]?.type ?? .float32)
    let described = Inputs(node.opType, infos)
    if let outputs = try? operation.outputs(for: described) {
      #expect(
        operation.multiplyAdds(inputs: described, outputs: outputs) >= 0, "\(node.opType) \(dims)")
      _ = operation.axes(of: described, outputs: outputs)
      #expect(outputs.allSatisfy { $0.bytes >= 0 })
    }
    guard shape.dims.allSatisfy({ $0 <= 64 }), shape.count < 1 << 16 else { return }
    var changed = inputs
    switch inputs[index] {
    case .float32?: changed[index] = .float32(Tensor(shape, repeating: 1))
    case .int64?: changed[index] = .int64(NDArray(shape, repeating: 1))
    case .bool?: changed[index] = .bool(NDArray(shape, repeating: true))
    default: return
    }
    attempt(node, opset: opset, changed)
  }

  @Test func messagesSayWhatWasExpectedAndFound() {
    func message(_ node: Node, opset: Int = 13, _ inputs: [Value]) -> String {
      do {
        let operation = try OperatorRegistry.standard.make(node, opset: opset)
        _ = try operation.forward(Inputs(node.opType, inputs), RunContext())
        return "computed"
      } catch {
        return "\(error)"
      }
    }
    let image = Value.float32(NDArray([1, 1, 4, 4], repeating: 1))
    func node(_ opType: String, _ attributes: [String: Attribute] = [:]) -> Node {
      Node(name: "n", opType, inputs: ["x", "w"], outputs: ["y"], attributes: attributes)
    }
    #expect(
      message(node("Conv", ["strides": .ints([0, 1])]), [])
        == "node n: Conv strides: expected numbers from 1 to 2^30, found [0, 1]")
    #expect(
      message(node("Conv"), [image, .float32(NDArray([1, 1, 5, 5], repeating: 1))])
        == "Conv: expected an input of at least 5×5 with its padding, found 4×4")
    #expect(
      message(node("Conv"), [.float32(NDArray([1, 1, 4, 4, 4], repeating: 1)), image])
        == "Conv: expected an input [N,C,…] and weights of its rank, found [1,1,4,4,4] and [1,1,4,4]"
    )
    #expect(
      message(node("MaxPool", ["kernel_shape": .ints([2])]), [image])
        == "MaxPool kernel_shape: expected 2 numbers for an input [1,1,4,4], found [2]")
    #expect(
      message(node("MaxPool"), [image])
        == "MaxPool: expected a kernel of 1 cell or more, found none")
    #expect(
      message(node("Reshape"), [image, .int64(NDArray([2], [-1, -1]))])
        == "Reshape: expected one −1 at most, found [-1, -1]")
    #expect(
      message(node("Reshape"), [image, .int64(NDArray([2], [3, -1]))])
        == "Reshape: expected a size for −1 that fits [1,1,4,4], found [3, -1]")
    #expect(
      message(node("Add"), [image, .float32(NDArray([3], repeating: 1))])
        == "Add: expected shapes that broadcast, found [1,1,4,4] and [3]")
    #expect(
      message(node("Div"), [.int64(NDArray([1], [4])), .int64(NDArray([1], [0]))])
        == "Div: expected whole numbers other than 0 to divide by, found 0")
    #expect(
      message(node("Dropout", ["ratio": .float(1.5)]), opset: 7, [image])
        == "node n: rate: expected a number from 0 to 1, found 1.5")
    #expect(message(node("Relu"), []) == "Relu: expected an input 0, found 0 inputs")
    #expect(
      message(node("Relu"), [.bool(NDArray([1], [true]))])
        == "Relu: expected float32 for input 0, found bool")
    #expect(
      message(node("DeformConv"), [image])
        == "node n: operator DeformConv (opset 13) is not supported")
  }

  /// A plan looks at what a node reads before it is computed.
  @Test func aNodeThatReadsNothingIsAnError() throws {
    let graph = try Graph(
      name: "odd", inputs: [.init("x", dims: [1, 2])], outputs: ["y"],
      nodes: [
        Node("Identity", inputs: ["x"], outputs: ["z"]), Node("Relu", inputs: [], outputs: ["y"]),
      ])
    #expect(throws: GraphError.self) {
      try Network(graph).run(["x": .float32(Tensor([1, 2], repeating: 1))])
    }
  }
}
