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

  /// The view that a file opens with: from a key to the finished buffer of 120×40, dropout on the layer shown
  /// first. The files are those that `Tests/Scripts/make_peer_networks.py` writes.
  static let openedFrames: [Benchmark] = [
    "resnet50", "densenet121", "mobilenet_v2", "vit_b_16", "resnet18", "vit_tiny",
  ].map { name in
    Benchmark(
      name: "frame-\(name)", summary: "from the key r to a finished frame, \(name) as it opens",
      unit: "frames", takesAllProcessors: true
    ) { settings in
      guard let folder = getenv("DROPSCOPE_PEER_NETWORKS").map({ String(cString: $0) }) else {
        throw Skipped(reason: "DROPSCOPE_PEER_NETWORKS names no folder with \(name).onnx")
      }
      let graph = try ONNXReader.graph(at: "\(folder)/\(name).onnx")
      guard let input = graph.inputs.first else { throw GraphError("\(name) has no input") }
      return try work(graph, input, name, settings) { $0.firstLayer.value }
    }
  }

  /// Frames of a model shown at a layer, for an input that rises from 0 to 1.
  private static func work(
    _ graph: Graph, _ input: Graph.Input, _ name: String, _ settings: Settings,
    layer: (Experiment) -> String
  ) throws -> Work {
    let shape = try Shape(checking: input.dims.map { $0 ?? 1 }, in: "input")
    let count = shape.count
    let subject = Subject(
      network: Network(graph), input: Tensor(shape, (0..<count).map { Float($0) / Float(count) }),
      inputName: "ramp", modelName: name)
    let experiment = try Experiment(subject)
    var state = try State(
      experiment, setting: Setting(layer: layer(experiment)),
      size: ScreenSize(width: 120, height: 40))
    return Work(count: 1, threads: settings.threads) {
      Parallel.$threads.withValue(settings.threads) {
        _ = state.perform([.resample])
        _ = state.frame()
      }
    }
  }

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
      let node = graph.nodes[dense]
      return try work(graph, input, file, settings) { _ in
        above ? node.inputs[0] : node.outputs[0]
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
