import Insight
import Masks
import NeuralNet
import TensorCore
import Testing
import TestNetworks

/// The orders are compared under the pool that reads the site, as the network has it.
@Suite struct PoolOrderWindowTests {
  private struct Case: CustomTestStringConvertible {
    let opType: String
    let shape: Shape
    let attributes: [String: Attribute]

    init(_ opType: String, _ shape: Shape = [2, 3, 9, 7], _ attributes: [String: Attribute] = [:]) {
      (self.opType, self.shape, self.attributes) = (opType, shape, attributes)
    }

    var testDescription: String { "\(opType) \(shape) \(attributes)" }
    /// Where `PoolOrder.pools` has it.
    var index: Int { opType.contains("Max") ? 0 : 1 }
  }

  private static let cases: [Case] = [
    Case("MaxPool", [2, 3, 9, 7], ["kernel_shape": .ints([3, 2]), "strides": .ints([2, 1])]),
    Case("MaxPool", [2, 3, 9, 7], ["kernel_shape": .ints([2, 2]), "dilations": .ints([3, 2])]),
    Case(
      "MaxPool", [2, 3, 9, 7],
      ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2]), "ceil_mode": .int(1)]),
    Case("MaxPool", [2, 3, 11], ["kernel_shape": .ints([3]), "strides": .ints([2])]),
    Case("AveragePool", [2, 3, 9, 7], padded),
    Case("AveragePool", [2, 3, 9, 7], padded.merging(["count_include_pad": .int(1)]) { $1 }),
    Case(
      "AveragePool", [2, 3, 9, 7],
      ["kernel_shape": .ints([2, 3]), "auto_pad": .string("SAME_UPPER")]),
    Case("AveragePool", [2, 3, 11], ["kernel_shape": .ints([4])]),
    Case("GlobalMaxPool"), Case("GlobalAveragePool"), Case("GlobalAveragePool", [2, 3, 11]),
  ]
  private static let padded: [String: Attribute] = [
    "kernel_shape": .ints([3, 3]), "strides": .ints([2, 2]), "pads": .ints([1, 1, 1, 1]),
  ]

  private static func network(_ own: Case, others: [Node] = []) throws -> Network {
    let pool = Node(own.opType, inputs: ["x"], outputs: ["y"], attributes: own.attributes)
    return Network(
      try Graph(
        name: "pool", inputs: [.init("x", dims: own.shape.dims)], outputs: ["y"],
        nodes: others + [pool]))
  }

  private static func order(
    _ network: Network, _ x: Tensor, _ kind: any DropoutKind = ElementDropout()
  ) throws -> PoolOrder {
    try PoolOrder(
      x, layout: .channelsFirst(x.shape), dropout: Dropout(kind, rate: try Rate(0.5)),
      stream: RandomStream(seed: 3),
      pooling: try #require(network.pooling(after: "x", over: x.shape)))
  }

  @Test(arguments: cases) private func poolsAreThoseOfTheNetwork(own: Case) throws {
    let (network, x) = (try Self.network(own), SmallNetwork.numbers(own.shape, seed: 2))
    let order = try Self.order(network, x)
    let expected = try #require(try network.run(["x": .float32(x)]).tensor("y"))
    let found = order.pools[own.index].clean
    #expect(found.count == expected.count)
    // Sums of a whole map are added up in another order.
    let tolerance: Float = own.opType == "GlobalAveragePool" ? 1e-6 : 0
    for (a, b) in zip(found.elements, expected.elements) { #expect(abs(a - b) <= tolerance) }
    // A run with dropout at the site sees what is compared.
    let dropout = Dropout(ElementDropout(), rate: try Rate(0.5))
    var placement = Placement(site: "x", dropout: dropout, seed: 3)
    placement.stream = RandomStream(seed: 3)
    let run = try network.run(
      ["x": .float32(x)], placements: [placement], context: RunContext(mode: .train))
    let dropped = try #require(run.tensor("y"))
    for (a, b) in zip(order.pools[own.index].dropoutFirst.elements, dropped.elements) {
      #expect(abs(a - b) <= tolerance)
    }
    // p = .5: whole maps commute to the last bit, padding or not.
    let whole = try Self.order(network, x, SpatialDropout())
    #expect(whole.pools.allSatisfy { $0.largestDifference == 0 })
  }

  @Test func aPoolThatReadsBesideAnotherIsFound() throws {
    let own = Case("MaxPool", [1, 2, 8, 8], ["kernel_shape": .ints([4, 4])])
    let network = try Self.network(own, others: [Node("Relu", inputs: ["x"], outputs: ["r"])])
    #expect(network.pool(reading: "x") == "y")
    #expect(network.pooling(after: "x", over: own.shape)?.window.kernel == Window.Pair(4, 4))
    #expect(network.pooling(after: "r", over: own.shape) == nil)
    #expect(network.pooling(after: "x", over: [1, 128]) == nil)
  }

  /// A dropped NaN is 0; dropping the mean that it made is another thing.
  @Test func numbersInPlaceOfNaNAreADifference() throws {
    let x = Tensor([1, 1, 2, 2], [1, 2, 3, .nan])
    let orders = try (0..<8 as Range<UInt64>).map { seed in
      try PoolOrder(
        x, layout: .channelsFirst(x.shape),
        dropout: Dropout(ElementDropout(), rate: try Rate(0.5)),
        stream: RandomStream(seed: seed), pooling: PoolOrder.usual)
    }
    let apart = orders.filter {
      $0.pools[0].dropoutFirst[0].isNaN != $0.pools[0].poolFirst[0].isNaN
    }
    #expect(!apart.isEmpty)
    #expect(apart.allSatisfy { $0.pools[0].largestDifference == .infinity })
  }
}
