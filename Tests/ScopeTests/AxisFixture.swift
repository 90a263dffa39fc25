import Masks
import NeuralNet
import Scope
import Studies
import TensorCore
import TerminalUI

/// Small networks whose values are laid out in every way there is.
enum AxisFixture {
  /// Numbers without a pattern between −.25 and .25.
  private static func numbers(_ shape: Shape, seed: UInt64) -> Tensor {
    let stream = RandomStream(seed: seed)
    return Tensor(shape) { cells in
      for i in cells.indices { cells[i] = (Float(stream.word(at: i) % 2001) / 1000 - 1) / 4 }
    }
  }

  private static func experiment(
    _ shape: Shape, dimNames: [String?]? = nil, constants: [String: Value] = [:], _ nodes: [Node]
  ) throws -> Experiment {
    let input = Graph.Input("x", dims: shape.dims, dimNames: dimNames)
    let graph = try Graph(
      name: "axes", inputs: [input], outputs: [nodes.last?.outputs.first ?? "x"],
      constants: constants, nodes: nodes)
    return try Experiment(
      Subject(
        network: Network(graph), input: numbers(shape, seed: 3), inputName: "x.npy",
        modelName: "axes"))
  }

  /// Images `[1,8,9,3]` → Transpose → Conv → Relu `[1,4,6,7]` → Transpose `last` `[1,6,7,4]`.
  static func channelsLast() throws -> Experiment {
    try experiment(
      [1, 8, 9, 3], constants: ["w": .float32(numbers([4, 3, 3, 3], seed: 5))],
      [
        Node(
          name: "first", "Transpose", inputs: ["x"], outputs: ["f"],
          attributes: ["perm": .ints([0, 3, 1, 2])]),
        Node(name: "conv", "Conv", inputs: ["f", "w"], outputs: ["c"]),
        Node(name: "relu", "Relu", inputs: ["c"], outputs: ["r"]),
        Node(
          name: "last", "Transpose", inputs: ["r"], outputs: ["l"],
          attributes: ["perm": .ints([0, 2, 3, 1])]),
      ])
  }

  /// A sequence `[1,12,10]` through a dense layer and a Relu; its axes have names only where the file
  /// gives them.
  static func sequence(named: Bool = true) throws -> Experiment {
    try experiment(
      [1, 12, 10], dimNames: named ? ["batch", "seq", "hidden"] : nil,
      constants: ["w": .float32(numbers([10, 16], seed: 6))],
      [
        Node(name: "dense", "MatMul", inputs: ["x", "w"], outputs: ["d"]),
        Node(name: "relu", "Relu", inputs: ["d"], outputs: ["r"]),
      ])
  }

  /// The same with time before the samples, as recurrent networks have it: `[12,1,10]`.
  static func timeFirst() throws -> Experiment {
    try experiment(
      [12, 1, 10], dimNames: ["time", "batch", "hidden"],
      [Node(name: "relu", "Relu", inputs: ["x"], outputs: ["r"])])
  }

  /// Rows of cells `[1,3,20]` through a Conv: `[1,4,18]`.
  static func signal() throws -> Experiment {
    try experiment(
      [1, 3, 20], constants: ["w": .float32(numbers([4, 3, 3], seed: 7))],
      [
        Node(name: "conv", "Conv", inputs: ["x", "w"], outputs: ["c"]),
        Node(name: "relu", "Relu", inputs: ["c"], outputs: ["r"]),
      ])
  }

  /// Volumes `[1,3,5,6,7]`: three channels of five slices.
  static func volume() throws -> Experiment {
    try experiment(
      [1, 3, 5, 6, 7], dimNames: ["batch", "channels", "depth", "height", "width"],
      [Node(name: "relu", "Relu", inputs: ["x"], outputs: ["r"])])
  }

  /// Weights of attention `[1,2,6,6]`, behind a Softmax.
  static func attention() throws -> Experiment {
    try experiment(
      [1, 2, 6, 6], dimNames: ["batch", "heads", "tokens", "tokens"],
      [
        Node(
          name: "weights", "Softmax", inputs: ["x"], outputs: ["a"], attributes: ["axis": .int(3)])
      ])
  }

  static func state(
    _ experiment: Experiment, layer: String, kind: String = "element", channel: Int = 0,
    width: Int = 80, height: Int = 24, theme: Theme = Theme()
  ) throws -> State {
    let layer = try experiment.layer(named: layer)
    return try State(
      experiment, setting: Setting(layer: layer.value, kind: kind), channel: channel,
      size: ScreenSize(width: width, height: height), theme: theme)
  }
}
