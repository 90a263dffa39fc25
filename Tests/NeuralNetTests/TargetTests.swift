import Masks
import NeuralNet
import TensorCore
import Testing

/// Dropout inside a node: on its weights, or on what its pool chooses from.
@Suite struct TargetTests {
  private func network() throws -> Network {
    Network(
      try Graph(
        name: "t", inputs: [Graph.Input("x", dims: [nil, 2, 4, 4])], outputs: ["y"],
        constants: ["w": .float32(Tensor([3, 2, 1, 1], [1, 2, -1, 0.5, 3, -2]))],
        nodes: [
          Node(name: "conv", "Conv", inputs: ["x", "w"], outputs: ["c"]),
          Node(
            name: "pool", "MaxPool", inputs: ["c"], outputs: ["y"],
            attributes: ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
        ]))
  }

  private func image(_ n: Int) -> Value {
    .float32(Tensor([n, 2, 4, 4], (0..<n * 32).map { Float(($0 * 7) % 11) - 4 }))
  }

  @Test func sitesOfEachTarget() throws {
    let network = try network()
    #expect(network.sites(for: .input) == ["x"])
    #expect(network.sites(for: .weights) == ["c"])
    #expect(network.sites(for: .pool) == ["c"])
    #expect(network.sites(for: .activation) == ["x", "c", "y"])
  }

  @Test func refusalsNameWhatWouldFit() throws {
    let network = try network()
    let clean = try network.run(["x": image(1)])
    let placement = Placement(
      site: "y", dropout: Dropout(WeightDropout(), rate: try Rate(0.5)), seed: 1)
    #expect(
      throws: GraphError(
        "weight dropout acts on a node with weights (Conv, Gemm, LSTM): expected conv, found pool")
    ) { try network.run(from: clean, placements: [placement]) }
  }

  @Test(arguments: [WeightMode.perBatch, .perSample])
  func droppedWeightsAreThoseOfTheConvolution(mode: WeightMode) throws {
    let network = try network()
    let clean = try network.run(["x": image(3)])
    let dropout = Dropout(WeightDropout(mode), rate: try Rate(0.4))
    let placement = Placement(site: "c", dropout: dropout, seed: 5)
    let run = try network.run(from: clean, placements: [placement])
    let weights = try #require(network.parameters(ofNodeMaking: "c", for: .weights))
    let mask = try #require(run.masks["c"])
    #expect(mask.layout.n == (mode == .perBatch ? 1 : 3))
    let (x, c) = (try #require(clean.tensor("x")), try #require(run.tensor("c")))
    for n in 0..<3 {
      let own = mode == .perBatch ? 0 : n
      for m in 0..<3 {
        for cell in 0..<16 {
          var sum: Float = 0
          for k in 0..<2 where mask.kept[(own * 3 + m) * 2 + k] {
            sum += weights[m * 2 + k] / 0.6 * x[(n * 2 + k) * 16 + cell]
          }
          #expect(abs(c[(n * 3 + m) * 16 + cell] - sum) < 1e-4)
        }
      }
    }
    let evaluated = try network.run(
      from: clean, placements: [placement], context: RunContext(mode: .eval))
    #expect(evaluated.tensor("c") == clean.tensor("c"))
  }

  @Test func aPoolChoosesFromWhatIsLeft() throws {
    let network = try network()
    let clean = try network.run(["x": image(1)])
    let dropout = Dropout(MaxPoolDropout(), rate: try Rate(0.6))
    let placement = Placement(site: "c", dropout: dropout, seed: 3)
    let run = try network.run(from: clean, placements: [placement])
    let evaluated = try network.run(
      from: clean, placements: [placement], context: RunContext(mode: .eval))
    #expect(run.tensor("c") == clean.tensor("c"))
    let (c, mask) = (try #require(clean.tensor("c")), try #require(run.masks["c"]))
    let (y, e) = (try #require(run.tensor("y")), try #require(evaluated.tensor("y")))
    for m in 0..<3 {
      for i in 0..<2 {
        for j in 0..<2 {
          let cells = [0, 1, 4, 5].map { m * 16 + i * 8 + j * 2 + $0 }
          let window = cells.map { c[$0] }
          let expected = MaxPoolDropout.pool(window, kept: cells.map { mask.kept[$0] })
          #expect(y[m * 4 + i * 2 + j] == expected.value)
          #expect(e[m * 4 + i * 2 + j] == MaxPoolDropout.expected(window, rate: dropout.rate))
        }
      }
    }
  }

  /// Against differences; cells are 1 apart, so that no step changes who wins. A window with nothing
  /// kept passes nothing on.
  @Test(arguments: [0.5, 0.9, 1])
  func aPoolsGradientGoesToTheSurvivingWinner(p: Double) throws {
    for (kernel, stride) in [(2, 2), (3, 2)] {
      let node = Node(
        "MaxPool", inputs: ["x"], outputs: ["y"],
        attributes: [
          "kernel_shape": .ints([kernel, kernel]), "strides": .ints([stride, stride]),
        ])
      let pool = try #require(
        try OperatorRegistry.standard.make(node, opset: 13) as? any PoolWithDropout)
      let dropout = Dropout(MaxPoolDropout(), rate: try Rate(p))
      let x = Tensor([2, 2, 6, 6], (0..<144).map { Float(($0 * 47) % 144) - 70 })
      let mask = try dropout.mask(layout: .channelsFirst(x.shape), stream: RandomStream(seed: 9))
      let y = try pool.pooled(x, dropout, mask: mask, mode: .train)
      let g = Tensor(y.shape, (0..<y.count).map { Float(($0 * 5) % 7) - 3.5 })
      let found = try pool.pooledGradient(g, x: x, mask: mask)
      #expect(found.shape == x.shape)
      for at in 0..<x.count {
        var (low, high) = (x, x)
        low[at] -= 0.25
        high[at] += 0.25
        let (below, above) = (
          try pool.pooled(low, dropout, mask: mask, mode: .train),
          try pool.pooled(high, dropout, mask: mask, mode: .train)
        )
        let numeric = (0..<y.count).reduce(0.0) {
          $0 + Double(g[$1]) * Double(above[$1] - below[$1]) / 0.5
        }
        #expect(abs(Double(found[at]) - numeric) < 1e-6, "\(kernel)×\(kernel), cell \(at)")
        if !mask.kept[at] { #expect(found[at] == 0) }
      }
    }
  }
}
