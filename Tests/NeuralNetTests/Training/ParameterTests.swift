import NeuralNet
import TensorCore
import Testing

/// Which constants of a graph training changes.
struct ParameterTests {
  private func trained(
    _ nodes: [Node], _ constants: [String: Tensor], _ shape: [Int?] = [nil, 4]
  ) throws -> [String] {
    let graph = try Graph(
      name: "net", inputs: [Graph.Input("x", dims: shape)], outputs: ["y"],
      constants: constants.mapValues(Value.float32), nodes: nodes)
    return try Trainer(graph, optimizer: SGD(), seed: 1).weights.keys.sorted()
  }

  private static let row = Tensor([4], [1, 2, 3, 4])
  private static let square = Tensor([4, 4], repeating: 0.5)

  @Test(
    "scales and shifts of every normalisation",
    arguments: ["LayerNormalization", "RMSNormalization", "InstanceNormalization"])
  func normalizations(opType: String) throws {
    let isOfMaps = opType == "InstanceNormalization"
    let reads = opType == "RMSNormalization" ? ["x", "scale"] : ["x", "scale", "bias"]
    let found = try trained(
      [Node(opType, inputs: reads, outputs: ["y"])], ["scale": Self.row, "bias": Self.row],
      isOfMaps ? [nil, 4, 3, 3] : [nil, 4])
    #expect(found == (reads.count == 2 ? ["scale"] : ["bias", "scale"]))
  }

  @Test func slopesAndTransposedKernels() throws {
    let slope = try trained(
      [Node("PRelu", inputs: ["x", "slope"], outputs: ["y"])], ["slope": Self.row])
    #expect(slope == ["slope"])
    let kernels = try trained(
      [Node("ConvTranspose", inputs: ["x", "w", "b"], outputs: ["y"])],
      ["w": Tensor([4, 2, 2, 2], repeating: 1), "b": Tensor([2], [0, 0])], [nil, 4, 3, 3])
    #expect(kernels == ["b", "w"])
  }

  /// A table that words are dropped of, weights that lie turned, places of which a part is read.
  @Test func whatIsHandedOnLearnsToo() throws {
    let turned = try trained(
      [
        Node("Transpose", inputs: ["w"], outputs: ["t"], attributes: ["perm": .ints([1, 0])]),
        Node("MatMul", inputs: ["x", "t"], outputs: ["y"]),
      ], ["w": Self.square])
    #expect(turned == ["w"])
    let dropped = try trained(
      [
        Node("Dropout", inputs: ["ones"], outputs: ["noise"]),
        Node("Mul", inputs: ["w", "noise"], outputs: ["rows"]),
        Node("MatMul", inputs: ["x", "rows"], outputs: ["y"]),
      ], ["w": Self.square, "ones": Tensor([4, 1], repeating: 1)])
    #expect(dropped == ["w"])
    let part = try Graph(
      name: "net", inputs: [Graph.Input("x", dims: [2, 4])], outputs: ["y"],
      constants: [
        "places": .float32(Self.square), "from": .int64(NDArray([1], [0])),
        "to": .int64(NDArray([1], [2])),
      ],
      nodes: [
        Node("Slice", inputs: ["places", "from", "to"], outputs: ["part"]),
        Node("Add", inputs: ["x", "part"], outputs: ["y"]),
      ])
    let places = try Trainer(part, optimizer: SGD(), seed: 1).weights
    #expect(Array(places.keys) == ["places"])
  }

  /// What attention may not look at is no bias.
  @Test func aMaskLearnsNothing() throws {
    let found = try trained(
      [
        Node("Add", inputs: ["x", "mask"], outputs: ["sum"]),
        Node("Add", inputs: ["sum", "bias"], outputs: ["y"]),
      ], ["mask": Tensor([4], [0, -1e9, 0, -.infinity]), "bias": Self.row])
    #expect(found == ["bias"])
  }
}
