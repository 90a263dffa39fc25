import Insight
import Masks
import NeuralNet
import TensorCore
import Testing
import TestNetworks

@Suite struct DownstreamEffectTests {
  @Test func aHalvedInputHalvesALinearNetwork() throws {
    let network = try SmallNetwork.linear(SmallNetwork.numbers([8, 3], seed: 2), softmax: true)
    let clean = try SmallNetwork.clean(network)
    let x = try #require(clean.tensor("x"))
    let masked = try network.run(["x": .float32(x.map { $0 / 2 })])
    let downstream = DownstreamEffect(network, sites: ["x"], clean: clean, masked: masked)
    #expect(downstream.layers.map(\.name) == ["x", "dense", "softmax"])
    #expect(downstream.layers[0].change == 0.5)
    #expect(abs(try #require(downstream.layers[1].change) - 0.5) < 1e-6)
    let softmax = try #require(downstream.layers[2].change)
    #expect(softmax > 0 && softmax < 1)
  }

  @Test func itBeginsAtTheSiteAndPassesReshapesBy() throws {
    let network = try SmallNetwork.pooled()
    let clean = try SmallNetwork.clean(network)
    let dropout = Dropout(ElementDropout(), rate: try Rate(0.5))
    let masked = try network.run(
      from: clean, placements: [Placement(site: "r", dropout: dropout, seed: 1)])
    let downstream = DownstreamEffect(network, sites: ["r"], clean: clean, masked: masked)
    #expect(downstream.layers.map(\.value) == ["r", "q", "logits", "p"])
    // Inverted at p = .5: what is kept changes by itself, what is dropped by itself: |Δx| = |x|.
    #expect(abs(try #require(downstream.layers[0].change) - 1) < 1e-6)
    let still = DownstreamEffect(network, sites: ["r"], clean: clean, masked: clean)
    #expect(still.layers.allSatisfy { $0.change == 0 })
  }
}
