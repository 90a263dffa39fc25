import Masks
import NeuralNet
import TensorCore
import Testing

struct DropoutOperatorTests {
  static let ones = Tensor([4, 3, 20, 20], repeating: 1)

  /// One Dropout node in the wire form of an opset.
  static func network(opset: Int, ratio: Float = 0.25, names: [String] = ["drop"]) throws -> Network
  {
    let isInput = opset >= 12
    let nodes = names.enumerated().map { index, name in
      Node(
        name: name, "Dropout", inputs: ["x"] + (isInput ? ["ratio"] : []),
        outputs: ["y\(index)", "mask\(index)"],
        attributes: isInput ? [:] : ["ratio": .float(ratio)])
    }
    return Network(
      try Graph(
        name: "g", inputs: [.init("x", dims: [nil, nil, nil, nil])], outputs: ["y0"],
        constants: ["ratio": .float32(NDArray(scalar: ratio))], nodes: nodes, opsets: ["": opset]))
  }

  static func train(seed: UInt64 = 1) -> RunContext {
    RunContext(mode: .train, stream: RandomStream(seed: seed))
  }

  @Test("in training it drops at its ratio and scales what is kept", arguments: [1, 7, 10, 12, 22])
  func training(opset: Int) throws {
    let run = try Self.network(opset: opset).run(["x": .float32(Self.ones)], context: Self.train())
    let y = try #require(run.tensor("y0"))
    let kept = try #require(run["mask0"])
    let scale = Float(1 / 0.75)
    #expect(y.elements.allSatisfy { $0 == 0 || $0 == scale })
    switch kept {
    case .bool(let mask):
      #expect(opset >= 10)
      #expect(zip(mask.elements, y.elements).allSatisfy { $0 == ($1 != 0) })
    case .float32(let mask):
      #expect(opset < 10)
      #expect(zip(mask.elements, y.elements).allSatisfy { $0 == ($1 != 0 ? 1 : 0) })
    default: Issue.record("a mask of \(kept.type)")
    }
    // 4,800 elements: five standard deviations are .031.
    let rate = Double(y.elements.count { $0 == 0 }) / Double(y.count)
    #expect(abs(rate - 0.25) < 0.032)
  }

  @Test("the same key drops the same, another seed or another node does not")
  func streams() throws {
    let input = ["x": Value.float32(Self.ones)]
    let network = try Self.network(opset: 13, names: ["same", "same"])
    let run = try network.run(input, context: Self.train())
    #expect(try network.run(input, context: Self.train()).values == run.values)
    #expect(try network.run(input, context: Self.train(seed: 2))["y0"] != run["y0"])
    #expect(run["y0"] != run["y1"])
    // A sample's mask does not depend on the batch it is in.
    let single = try network.run(
      ["x": .float32(NDArray([1, 3, 20, 20], repeating: 1))], context: Self.train())
    #expect(single.tensor("y0")?.elements == Array(run.tensor("y0")?.elements.prefix(1200) ?? []))
    // A placement on the node's own output draws from another stream.
    let placement = Placement(
      site: "y0", dropout: Dropout(ElementDropout(), rate: try Rate(0.25)), seed: 1)
    let placed = try network.run(input, placements: [placement], context: Self.train())
    #expect(placed["mask0"] != placed.masks["y0"].map { .bool($0.kept) })
  }

  @Test func ratiosAtTheEnds() throws {
    let input = Tensor([1, 1, 1, 2], [.infinity, .nan])
    let values = ["x": Value.float32(input)]
    let none = try Self.network(opset: 7, ratio: 0).run(values, context: Self.train())
    #expect(none.tensor("y0")?[0] == .infinity)
    #expect(none.tensor("y0")?[1].isNaN == true)
    let all = try Self.network(opset: 12, ratio: 1).run(values, context: Self.train())
    #expect(all.tensor("y0")?.elements == [0, 0])
  }

  @Test func anyRank() throws {
    for shape in [[], [7], [2, 3], [2, 3, 4, 5, 6], [0, 3]] as [Shape] {
      let operation = try OperatorRegistry.standard.make(
        Node("Dropout", inputs: ["x"], outputs: ["y"]), opset: 13)
      let inputs = Inputs<Value>("Dropout", [.float32(NDArray(shape, repeating: 1))])
      #expect(try operation.forward(inputs, Self.train())[0].shape == shape)
    }
  }

  @Test("a model's own dropouts are listed with the rates the file means")
  func listed() throws {
    for opset in [6, 7, 12] {
      let own = try Self.network(opset: opset, ratio: 0.1).writtenDropouts
      #expect(own.map(\.node) == ["drop"])
      #expect(own.map(\.rate) == [try Rate(0.1)])
      #expect(own.map(\.input) == ["x"])
      #expect(own.map(\.output) == ["y0"])
    }
    let graph = try Graph(
      name: "g", inputs: [.init("x", dims: [nil]), .init("p", dims: [])], outputs: ["y"],
      nodes: [
        Node("Constant", inputs: [], outputs: ["r"], attributes: ["value_float": .float(0.3)]),
        Node("Dropout", inputs: ["x", "r"], outputs: ["y"]),
        Node("Dropout", inputs: ["y"], outputs: ["z"]),
        Node("Dropout", inputs: ["z", "p"], outputs: ["w"]),
      ])
    #expect(Network(graph).writtenDropouts.map(\.rate) == [try Rate(0.3), try Rate(0.5), nil])
  }
}

/// When a Dropout node acts: what its file and its inputs say, and the run's mode where they are silent.
struct DropoutActivityTests {
  private static let x = Tensor([4, 3, 10, 10], repeating: 1)

  private func network(
    opset: Int, inputs: [String] = [], attributes: [String: Attribute] = [:],
    constants: [String: Value] = [:], given: [Graph.Input] = []
  ) throws -> Network {
    Network(
      try Graph(
        name: "g", inputs: [.init("x", dims: [nil, 3, 10, 10])] + given, outputs: ["y"],
        constants: constants,
        nodes: [
          Node("Dropout", inputs: ["x"] + inputs, outputs: ["y"], attributes: attributes)
        ], opsets: ["": opset]))
  }

  private func dropped(
    _ network: Network, _ mode: Mode, _ values: [String: Value] = [:]
  ) throws -> Double {
    let y = try network.run(
      values.merging(["x": .float32(DropoutActivityTests.x)]) { $1 },
      context: RunContext(mode: mode, stream: RandomStream(seed: 2))
    ).tensor("y")
    return Double(y?.elements.count { $0 == 0 } ?? 0) / Double(DropoutActivityTests.x.count)
  }

  private static func bool(_ acts: Bool, _ shape: Shape = []) -> Value {
    .bool(NDArray(shape, repeating: acts))
  }

  @Test(
    "training_mode decides, constant or given, in either mode", arguments: [[], [1]] as [Shape])
  func trainingMode(shape: Shape) throws {
    let given = try network(
      opset: 13, inputs: ["p", "t"], constants: ["p": .float32(Tensor(scalar: 0.3))],
      given: [.init("t", type: .bool, dims: shape.dims.map { $0 })])
    #expect(given.writtenDropouts.map(\.activity) == [.given("t")])
    for acts in [true, false] {
      let fixed = try network(
        opset: 13, inputs: ["p", "t"],
        constants: [
          "p": .float32(Tensor(scalar: 0.3)), "t": DropoutActivityTests.bool(acts, shape),
        ])
      #expect(fixed.writtenDropouts.map(\.activity) == [acts ? .always : .never])
      for mode in Mode.allCases {
        let values = ["t": DropoutActivityTests.bool(acts, shape)]
        for share in [try dropped(fixed, mode), try dropped(given, mode, values)] {
          // 1,200 elements: five standard deviations are .066.
          #expect(acts ? abs(share - 0.3) < 0.067 : share == 0)
        }
      }
    }
  }

  @Test("without training_mode the run's mode decides", arguments: [7, 11, 12, 22])
  func silent(opset: Int) throws {
    for inputs in opset < 12 ? [[]] : [[], [""], ["", ""]] as [[String]] {
      let network = try network(opset: opset, inputs: inputs)
      #expect(network.writtenDropouts.map(\.activity) == [.training])
      #expect(try dropped(network, .eval) == 0)
      #expect(abs(try dropped(network, .train) - 0.5) < 0.075)
    }
  }

  @Test("up to operator set 6 it acts unless is_test is set", arguments: [1, 6])
  func isTest(opset: Int) throws {
    for attributes in [[:], ["is_test": .int(0)]] as [[String: Attribute]] {
      let acting = try network(opset: opset, attributes: attributes)
      #expect(acting.writtenDropouts.map(\.activity) == [.always])
      #expect(abs(try dropped(acting, .eval) - 0.5) < 0.075)
    }
    let resting = try network(opset: opset, attributes: ["is_test": .int(1)])
    #expect(resting.writtenDropouts.map(\.activity) == [.training])
    #expect(try dropped(resting, .eval) == 0)
    #expect(abs(try dropped(resting, .train) - 0.5) < 0.075)
  }

  @Test("a rate that is an input is the one given")
  func rateInput() throws {
    let network = try network(
      opset: 13, inputs: ["p"], given: [.init("p", dims: [])])
    let own = try #require(network.writtenDropouts.first)
    #expect(own.rate == nil && own.rateInput == "p")
    for p in [0.1, 0.6] {
      let values = ["p": Value.float32(Tensor(scalar: Float(p)))]
      #expect(abs(try dropped(network, .train, values) - p) < 0.072)
    }
  }

  @Test func whatIsNoBool() throws {
    let network = try network(
      opset: 13, inputs: ["", "t"], constants: ["t": .float32(Tensor(scalar: 1))])
    let error = #expect(throws: GraphError.self) { try self.dropped(network, .eval) }
    #expect(error?.description.contains("expected one bool for input 2, found float32 []") == true)
  }
}
