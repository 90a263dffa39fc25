import Masks
import NeuralNet
import TensorCore
import Testing

@Suite struct CellArithmeticTests {
  /// Numbers from −1 to 1 that differ from test to test by their seed.
  func random(_ shape: Shape, seed: UInt64) -> Tensor {
    let stream = RandomStream(seed: seed, site: 3)
    return Tensor(shape) { stream.fillUniforms($0) }.map { 2 * $0 - 1 }
  }

  /// A network of some nodes on one input `x`; the last node makes `y`.
  func run(
    _ x: Tensor, _ constants: [String: Tensor], _ nodes: [Node], opset: Int = 17
  ) throws -> (network: Network, run: Activations) {
    let network = Network(
      try Graph(
        name: "g", inputs: [.init("x", dims: x.shape.dims)], outputs: ["y"],
        constants: constants.mapValues { .float32($0) }, nodes: nodes, opsets: ["": opset]))
    return (network, try network.run(["x": .float32(x)]))
  }

  /// Every cell of a value's first sample.
  func cells(
    _ value: String = "y", _ made: (network: Network, run: Activations)
  ) throws -> [CellArithmetic] {
    let shape = try #require(made.run.tensor(value)).shape
    let layout = made.network.layout(of: value, shape: shape)
    return try (0..<layout.c * layout.area).map { offset in
      let place = CellArithmetic.Place(
        channel: offset / layout.area, row: offset % layout.area / layout.w,
        column: offset % layout.w)
      return try CellArithmetic(made.network, made.run, value: value, at: place)
    }
  }

  static let convolutions: [(x: Shape, w: Shape, attributes: [String: Attribute])] = [
    ([1, 1, 6, 7], [2, 1, 3, 3], [:]),
    ([2, 3, 8, 9], [4, 3, 3, 2], ["strides": .ints([2, 3]), "pads": .ints([1, 0, 2, 1])]),
    ([1, 4, 9, 9], [6, 2, 3, 3], ["group": .int(2), "dilations": .ints([2, 3])]),
    ([1, 6, 7, 5], [6, 1, 5, 3], ["group": .int(6), "pads": .ints([2, 1, 2, 1])]),
    ([1, 2, 7, 8], [3, 2, 4, 3], ["auto_pad": .string("SAME_UPPER"), "strides": .ints([2, 2])]),
    ([1, 2, 7, 8], [3, 2, 4, 3], ["auto_pad": .string("SAME_LOWER"), "strides": .ints([3, 2])]),
    ([1, 5, 4, 4], [3, 5, 1, 1], [:]),
    ([1, 4, 11], [4, 2, 3], ["group": .int(2), "pads": .ints([2, 0]), "strides": .ints([2])]),
    ([1, 64, 4, 4], [1, 64, 3, 3], ["pads": .ints([1, 1, 1, 1])]),
  ]

  @Test("patch × kernel + bias is the run's own cell", arguments: convolutions.indices)
  func convolution(index: Int) throws {
    let (xShape, wShape, attributes) = Self.convolutions[index]
    let (x, w) = (random(xShape, seed: 1), random(wShape, seed: 2))
    let made = try run(
      x, ["w": w, "b": random([wShape[0]], seed: 3)],
      [
        Node(
          name: "conv", "Conv", inputs: ["x", "w", "b"], outputs: ["c"], attributes: attributes),
        Node(name: "relu", "Relu", inputs: ["c"], outputs: ["y"]),
      ])
    let input = try Layout.channelsFirst(xShape)
    var (padding, wrong) = (0, 0)
    for cell in try cells("y", made) + cells("c", made) {
      guard case .patches(let sum) = cell.source else {
        Issue.record("\(cell.source)")
        return
      }
      #expect(cell.origin == "conv")
      #expect(cell.steps.map(\.opType) == (cell.value == "y" ? ["Relu"] : []))
      #expect(cell.agrees)
      let error = abs(cell.result - Double(cell.found))
      #expect(error <= 1e-5 * abs(Double(cell.found)) + 1e-6 * sum.magnitude)
      let parts = sum.channels.reduce(0) { $0 + $1.sum } + (sum.bias ?? 0)
      #expect(abs(parts - sum.total) < 1e-12)
      #expect(sum.channels.count == wShape[1])
      let perGroup = wShape[0] / sum.groups
      for (index, channel) in sum.channels.enumerated() {
        #expect(channel.index == cell.place.channel / perGroup * wShape[1] + index)
        #expect(abs(channel.taps.reduce(0) { $0 + $1.product } - channel.sum) < 1e-12)
        let taps = sum.window.kernel.h * sum.window.kernel.w
        for (number, tap) in channel.taps.enumerated() {
          let isInside =
            (0..<input.h).contains(tap.row) && (0..<input.w).contains(tap.column)
          let own =
            isInside ? x[input.offset(n: 0, c: channel.index, y: tap.row, x: tap.column)] : nil
          let weight = w[(cell.place.channel * wShape[1] + index) * taps + number]
          let product = Double(own ?? 0) * Double(weight)
          let isRight = tap.value == own && tap.weight == weight && tap.product == product
          wrong += isRight ? 0 : 1
          padding += own == nil ? 1 : 0
        }
      }
    }
    #expect(wrong == 0)
    let isPadded = attributes["pads"] != nil || attributes["auto_pad"] != nil
    #expect((padding > 0) == isPadded)
  }

  @Test func aCornerByHand() throws {
    let made = try run(
      Tensor([1, 1, 2, 2], [1, 2, 3, 4]),
      ["w": Tensor([1, 1, 2, 2], [10, 20, 30, 40]), "b": Tensor([1], [0.5])],
      [
        Node(
          "Conv", inputs: ["x", "w", "b"], outputs: ["y"],
          attributes: ["pads": .ints([1, 1, 0, 0])])
      ])
    let cell = try CellArithmetic(
      made.network, made.run, value: "y", at: .init(channel: 0, row: 0, column: 1))
    guard case .patches(let sum) = cell.source else {
      Issue.record("\(cell.source)")
      return
    }
    #expect(sum.channels.count == 1)
    #expect(sum.channels[0].taps.map(\.value) == [nil, nil, 1, 2])
    #expect(sum.channels[0].taps.map(\.row) == [-1, -1, 0, 0])
    #expect(sum.channels[0].taps.map(\.column) == [0, 1, 0, 1])
    #expect(sum.channels[0].taps.map(\.product) == [0, 0, 30, 80])
    #expect(sum.bias == 0.5)
    #expect(cell.result == 110.5 && cell.found == 110.5)
  }

  @Test("more taps than are listed are summed all the same")
  func manyChannels() throws {
    let made = try run(
      random([1, 600, 3, 3], seed: 4), ["w": random([1, 600, 3, 3], seed: 5)],
      [Node("Conv", inputs: ["x", "w"], outputs: ["y"])])
    let cell = try #require(try cells("y", made).first)
    guard case .patches(let sum) = cell.source else {
      Issue.record("\(cell.source)")
      return
    }
    #expect(sum.channels.count == 600)
    let listed = sum.channels.filter { !$0.taps.isEmpty }
    #expect(listed.count == PatchSum.mostListed / 9)
    #expect(sum.channels[599].taps.isEmpty && sum.channels[599].sum != 0)
    #expect(sum.bias == nil)
    #expect(cell.agrees)
  }

  @Test("through everything that works element by element")
  func steps() throws {
    let made = try run(
      random([1, 2, 4, 4], seed: 6),
      [
        "w": random([3, 2, 3, 3], seed: 7), "scale": Tensor([3], [1, 2, -3]),
        "shift": Tensor([3], [0.5, 0, 1]), "mean": Tensor([3], [0.1, -0.2, 0]),
        "variance": Tensor([3], [1, 0.5, 2]), "bias": Tensor([3, 1, 1], [1, -2, 3]),
        "factor": Tensor(scalar: 2), "low": Tensor(scalar: -1), "high": Tensor(scalar: 6),
      ],
      [
        Node("Conv", inputs: ["x", "w"], outputs: ["c"]),
        Node("Add", inputs: ["bias", "c"], outputs: ["a"]),
        Node(
          "BatchNormalization", inputs: ["a", "scale", "shift", "mean", "variance"],
          outputs: ["n"]),
        Node("Clip", inputs: ["n", "low", "high"], outputs: ["k"]),
        Node("Constant", inputs: [], outputs: ["one"], attributes: ["value_float": .float(1)]),
        Node("Sub", inputs: ["one", "k"], outputs: ["s"]),
        Node("Dropout", inputs: ["s"], outputs: ["d"]),
        Node("Tanh", inputs: ["d"], outputs: ["t"]),
        Node("Mul", inputs: ["t", "factor"], outputs: ["m"]),
        Node("Flatten", inputs: ["m"], outputs: ["f"]),
        Node("Identity", inputs: ["f"], outputs: ["y"]),
      ])
    for cell in try cells("y", made) {
      #expect(
        cell.steps.map(\.opType) == [
          "Add", "BatchNormalization", "Clip", "Sub", "Dropout", "Tanh", "Mul", "Flatten",
          "Identity",
        ])
      #expect(cell.opType == "Conv")
      #expect(cell.steps[0].operand == [1, -2, 3][cell.place.channel / 4])
      #expect(cell.steps[3].operand == 1 && cell.steps[6].operand == 2)
      for (step, value) in zip(cell.steps, ["a", "n", "k", "s", "d", "t", "m", "f", "y"]) {
        let own = Double(try #require(made.run.tensor(value))[cell.place.channel])
        #expect(abs(step.value - own) <= 1e-5 * max(1, abs(own)), "\(value)")
      }
      #expect(abs(cell.result - Double(cell.found)) <= 1e-5)
    }
  }

  @Test("a dense layer, its matrices turned over or not", arguments: [false, true], [false, true])
  func dense(transA: Bool, transB: Bool) throws {
    let (m, k, n) = (2, 700, 5)
    let made = try run(
      random(transA ? [k, m] : [m, k], seed: 8),
      ["w": random(transB ? [n, k] : [k, n], seed: 9), "b": random([n], seed: 10)],
      [
        Node(
          "Gemm", inputs: ["x", "w", "b"], outputs: ["y"],
          attributes: [
            "transA": .int(transA ? 1 : 0), "transB": .int(transB ? 1 : 0), "alpha": .float(0.5),
            "beta": .float(2),
          ])
      ])
    for cell in try cells("y", made) {
      guard case .products(let sum) = cell.source else {
        Issue.record("\(cell.source)")
        return
      }
      #expect(sum.count == k && sum.terms.count == ProductSum.mostListed)
      let listed = sum.terms.reduce(0) { $0 + $1.product }
      #expect(abs(listed + sum.rest - sum.sum) < 1e-9)
      #expect(
        zip(sum.terms, sum.terms.dropFirst()).allSatisfy { abs($0.product) >= abs($1.product) })
      let x = try #require(made.run.tensor("x"))
      #expect(sum.terms.allSatisfy { $0.left == x[transA ? $0.index * m : $0.index] })
      #expect(sum.factor == 0.5)
      #expect(cell.agrees)
      let error = abs(cell.result - Double(cell.found))
      #expect(error <= 1e-5 * abs(Double(cell.found)) + 1e-6 * sum.magnitude)
    }
  }

  @Test func twoActivationsThatMeet() throws {
    let made = try run(
      random([1, 2, 3, 3], seed: 11), [:],
      [
        Node("Relu", inputs: ["x"], outputs: ["r"]),
        Node("Add", inputs: ["x", "r"], outputs: ["a"]),
        Node("Sigmoid", inputs: ["a"], outputs: ["y"]),
      ])
    for cell in try cells("y", made) {
      guard case .operands(let operands, let value) = cell.source else {
        Issue.record("\(cell.source)")
        return
      }
      #expect(operands.map(\.name) == ["x", "r"])
      #expect(operands[1].value == max(0, operands[0].value))
      #expect(abs(operands[0].value + operands[1].value - value) < 1e-6)
      #expect(cell.agrees)
    }
  }

  @Test func theInputIsGiven() throws {
    let made = try run(
      random([1, 1, 2, 2], seed: 12), [:], [Node("Softmax", inputs: ["x"], outputs: ["y"])])
    let cell = try CellArithmetic(
      made.network, made.run, value: "x", at: .init(channel: 0, row: 1, column: 0))
    #expect(cell.opType == "Input" && cell.origin == "x")
    #expect(cell.source == .given(Double(cell.found)))
    let other = try CellArithmetic(made.network, made.run, value: "y", at: .init(channel: 0))
    #expect(other.opType == "Softmax")
    #expect(other.source == .given(Double(other.found)))
  }

  @Test("a place is found by what axes are called, wherever they stand")
  func channelsLast() throws {
    let x = random([2, 3, 4, 5], seed: 14)
    let made = try run(
      x, ["w": random([5, 5, 1, 1], seed: 15)],
      [
        Node(
          "Transpose", inputs: ["x"], outputs: ["n"], attributes: ["perm": .ints([0, 3, 1, 2])]),
        Node("Conv", inputs: ["n", "w"], outputs: ["y"]),
      ])
    let cell = try CellArithmetic(
      made.network, made.run, value: "x", at: .init(channel: 4, row: 2, column: 1))
    #expect(cell.found == x[(2 * 4 + 1) * 5 + 4])
    #expect(throws: GraphError("x: expected a cell of [2,3,4,5], found channel 0, row 3, column 0"))
    {
      try CellArithmetic(made.network, made.run, value: "x", at: .init(channel: 0, row: 3))
    }
  }

  @Test func cellsThatAreNone() throws {
    let made = try run(
      random([1, 2, 3, 5], seed: 13), [:], [Node("Relu", inputs: ["x"], outputs: ["y"])])
    func refused(_ value: String, _ place: CellArithmetic.Place, _ message: String) {
      #expect(throws: GraphError(message)) {
        try CellArithmetic(made.network, made.run, value: value, at: place)
      }
    }
    refused("q", .init(channel: 0), "the run holds no float32 called q")
    refused(
      "y", .init(channel: 2, row: 0, column: 0),
      "y: expected a cell of [1,2,3,5], found channel 2, row 0, column 0")
    refused(
      "y", .init(channel: 0, row: -1, column: 3),
      "y: expected a cell of [1,2,3,5], found channel 0, row -1, column 3")
  }

  /// What an operator makes of the numbers of its golden cases, cell by cell.
  @Test("the arithmetic of every operator's golden cases", arguments: OperatorContractTests.opTypes)
  func golden(opType: String) throws {
    var checked = 0
    for golden in try GoldenCase.load(opType) {
      guard case .float32(let x)? = golden.inputs.first??.value, x.shape.count > 0,
        let output = golden.outputs.first?.value, output.type == .float32,
        (2...(opType == "Conv" ? 5 : 4)).contains(output.shape.rank), output.shape.count > 0
      else { continue }
      let constants = golden.inputs.enumerated().dropFirst().reduce(into: [String: Value]()) {
        $0["x\($1.offset)"] = $1.element?.value
      }
      let network = Network(
        try Graph(
          name: "golden", inputs: [.init("x0", dims: x.shape.dims)], outputs: ["y0"],
          constants: constants, nodes: [golden.node(opType)], opsets: ["": golden.opset]))
      let run = try network.run(["x0": .float32(x)])
      let cells = try cells("y0", (network, run))
      checked += cells.count
      #expect(cells.allSatisfy { $0.agrees }, "\(golden)")
    }
    let type = OperatorRegistry.standard.all.first { $0.opType == opType }
    if type is any CellMaker.Type { #expect(checked > 0) }
  }
}
