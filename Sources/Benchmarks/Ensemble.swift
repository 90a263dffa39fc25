import Formats
import Insight
import Masks
import NeuralNet
import TensorCore

extension Benchmark {
  /// Masks on the built-in network that was trained, behind its last pool: each is drawn, the network
  /// run below it, and everything the ensemble shows added up.
  static let ensemble = Benchmark(
    name: "ensemble", summary: "masks behind the last pool of digits, run and added up",
    unit: "masks", takesAllProcessors: true
  ) { settings in
    let network = Network(try BuiltIns.model("digits")!)
    let graph = network.graph
    let image = try BuiltIns.digit("seven")!.tensor
    let inputs = [graph.inputs[0].name: Value.float32(try image.reshaped(to: [1, 1, 28, 28]))]
    let clean = try network.run(inputs)
    let pool = graph.nodes.indices.last { network.role(of: $0) == .pool }!
    let site = graph.nodes[pool].outputs[0]
    let dropout = Dropout(ElementDropout(), rate: Rate(clamping: 0.5))
    let runs = MonteCarlo(
      network, clean: clean, placements: [Placement(site: site, dropout: dropout, seed: 7)],
      wanted: [network.logits ?? site],
      context: RunContext(mode: .train, stream: RandomStream(seed: 7)))
    let empty = Ensemble(network, clean: clean, site: site)
    let masks: UInt32 = 1024
    return Work(count: Int(masks), threads: settings.threads) {
      var sum = empty
      try Parallel.$threads.withValue(settings.threads) {
        try runs.add(0..<masks, to: &sum, empty: empty)
      }
    }
  }
}
