import Formats
import NeuralNet
import Scope
import Studies
import TensorCore

extension Benchmark {
  static let frame80x24 = frames("frame-80x24", ScreenSize(width: 80, height: 24))
  static let frame200x60 = frames("frame-200x60", ScreenSize(width: 200, height: 60))

  /// From a key to the finished buffer, for the view the program opens with: a new field is drawn,
  /// the mask made and applied, the network run below it, and every panel drawn.
  private static func frames(_ name: String, _ size: ScreenSize) -> Benchmark {
    Benchmark(
      name: name, summary: "from the key r to a finished frame, default model", unit: "frames"
    ) { _ in
      let image = try BuiltIns.digit("seven")!.tensor
      let subject = Subject(
        network: Network(try BuiltIns.model("edges")!),
        input: try image.reshaped(to: [1, 1, 28, 28]), inputName: "seven", modelName: "edges")
      let experiment = try Experiment(subject)
      var state = try State(
        experiment, setting: Setting(layer: experiment.firstLayer.value), size: size)
      return Work(count: 1) {
        _ = state.perform([.resample])
        _ = state.frame()
      }
    }
  }

  /// From a key to the finished buffer on the network's page, where it lists a thousand nodes: the mark
  /// goes on, and the list is drawn.
  static let pageOfNodes = Benchmark(
    name: "page-1000-nodes", summary: "from the key j to a finished frame, a list of 1,000 nodes",
    unit: "frames"
  ) { _ in
    let names = (0...1000).map { "value\($0)" }
    let graph = try Graph(
      name: "chain", inputs: [Graph.Input(names[0], dims: [1, 1, 8, 8])], outputs: [names[1000]],
      nodes: (0..<1000).map { Node("Relu", inputs: [names[$0]], outputs: [names[$0 + 1]]) },
      operators: .standard)
    let subject = Subject(
      network: Network(graph), input: Tensor([1, 1, 8, 8], (0..<64).map { Float($0) }),
      inputName: "ramp", modelName: "chain")
    let experiment = try Experiment(subject)
    var state = try State(
      experiment, setting: Setting(layer: experiment.firstLayer.value),
      size: ScreenSize(width: 120, height: 40))
    _ = state.perform([.openPage(.network)])
    return Work(count: 1) {
      _ = state.perform([.moveSelection(by: 1)])
      _ = state.frame()
    }
  }
}
