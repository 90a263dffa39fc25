import Formats
import NeuralNet
import Studies
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
    let experiment = try Experiment(
      Subject(
        network: network, input: try image.reshaped(to: [1, 1, 28, 28]), inputName: "seven",
        modelName: "digits"))
    let pool = graph.nodes.indices.last { network.role(of: $0) == .pool }!
    let masks = 1024
    let job = Job(.samples(Setting(layer: graph.nodes[pool].outputs[0])), masks: masks)
    var begun = Studies.Work(job, on: experiment)
    begun.advance(to: 0)
    return Work(count: masks, threads: settings.threads) { [begun] in
      var work = begun
      Parallel.$threads.withValue(settings.threads) { work.run { _ in } }
      guard work.count == masks else {
        throw TensorError("ensemble", expected: "\(masks) masks", found: "\(work.count)")
      }
    }
  }
}
