import Formats
import Glibc
import NeuralNet
import Scope
import Studies
import TensorCore

extension Benchmark {
  static let bigFrames: [Benchmark] = [
    frames("frame-vgg19", "light_vgg19.onnx", above: false),
    frames("frame-vgg19-pool", "light_vgg19.onnx", above: true),
    frames("frame-alexnet", "light_bvlc_alexnet.onnx", above: false),
    frames("frame-alexnet-pool", "light_bvlc_alexnet.onnx", above: true),
  ]

  /// From a key to the finished buffer of 120×40 with dropout behind the first dense layer of a large
  /// network, which comes with the onnx package from PyPI, or on what that layer reads: all dense
  /// layers below run again.
  private static func frames(_ name: String, _ file: String, above: Bool) -> Benchmark {
    Benchmark(
      name: name,
      summary: "from the key r to a finished frame, \(above ? "above" : "behind") the first dense "
        + "layer of \(file)",
      unit: "frames", takesAllProcessors: true
    ) { settings in
      let graph = try lightModel(file)
      let network = Network(graph)
      guard let dense = graph.nodes.indices.first(where: { network.role(of: $0) == .dense }),
        let input = graph.inputs.first
      else { throw GraphError("\(file) has no dense layer or no input") }
      let shape = try Shape(checking: input.dims.map { $0 ?? 1 }, in: "input")
      let count = shape.count
      let subject = Subject(
        network: network, input: Tensor(shape, (0..<count).map { Float($0) / Float(count) }),
        inputName: "ramp", modelName: file)
      let node = graph.nodes[dense]
      var state = try State(
        Experiment(subject), setting: Setting(layer: above ? node.inputs[0] : node.outputs[0]),
        size: ScreenSize(width: 120, height: 40))
      return Work(count: 1, threads: settings.threads) {
        Parallel.$threads.withValue(settings.threads) {
          _ = state.perform([.resample])
          _ = state.frame()
        }
      }
    }
  }

  /// A model of the folder that `DROPSCOPE_LIGHT_MODELS` names: `onnx/backend/test/data/light` of the
  /// package.
  private static func lightModel(_ file: String) throws -> Graph {
    guard let folder = getenv("DROPSCOPE_LIGHT_MODELS").map({ String(cString: $0) }) else {
      throw Skipped(reason: "DROPSCOPE_LIGHT_MODELS names no folder with \(file)")
    }
    return try ONNXReader.graph(at: "\(folder)/\(file)")
  }
}
