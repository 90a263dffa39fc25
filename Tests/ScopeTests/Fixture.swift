import Masks
import NeuralNet
import Scope
import TensorCore
import TerminalUI

/// A small network of the spreadsheet's shape on a drawn figure: what the screen tests look at.
enum Fixture {
  /// conv1 with two edge filters → ReLU, `[1,1,28,28]` → `[1,2,26,26]`, summed to one number.
  static func graph() throws -> Graph {
    let filters: [Float] = [1, 1, 1, 0, 0, 0, -1, -1, -1, 1, 0, -1, 1, 0, -1, 1, 0, -1]
    return try Graph(
      name: "edges", inputs: [Graph.Input("image", dims: [1, 1, 28, 28])], outputs: ["pooled"],
      constants: ["w1": .float32(Tensor([2, 1, 3, 3], filters))],
      nodes: [
        Node(name: "conv1", "Conv", inputs: ["image", "w1"], outputs: ["c1"]),
        Node(name: "relu1", "Relu", inputs: ["c1"], outputs: ["r1"]),
        Node(name: "relu2", "Relu", inputs: ["r1"], outputs: ["pooled"]),
      ])
  }

  /// conv → ReLU → max-pool → flatten → dense → ReLU → dense with ten classes; weights are small
  /// numbers without a pattern.
  static func classifier() throws -> Graph {
    func weights(_ shape: Shape, _ seed: UInt64) -> Value {
      let stream = RandomStream(seed: seed)
      return .float32(
        Tensor(shape) { cells in
          for i in cells.indices { cells[i] = (Float(stream.word(at: i) % 2001) / 1000 - 1) / 4 }
        })
    }
    let dense: [String: Attribute] = ["transB": .int(1)]
    return try Graph(
      name: "small", inputs: [Graph.Input("image", dims: [1, 1, 28, 28])], outputs: ["out"],
      constants: [
        "w1": weights([4, 1, 3, 3], 1), "w2": weights([16, 676], 2), "w3": weights([10, 16], 3),
      ],
      nodes: [
        Node(name: "conv", "Conv", inputs: ["image", "w1"], outputs: ["c"]),
        Node(name: "relu", "Relu", inputs: ["c"], outputs: ["r"]),
        Node(
          name: "pool", "MaxPool", inputs: ["r"], outputs: ["p"],
          attributes: ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
        Node(name: "flatten", "Flatten", inputs: ["p"], outputs: ["f"]),
        Node(name: "dense1", "Gemm", inputs: ["f", "w2"], outputs: ["d1"], attributes: dense),
        Node(name: "relu2", "Relu", inputs: ["d1"], outputs: ["r2"]),
        Node(name: "dense2", "Gemm", inputs: ["r2", "w3"], outputs: ["out"], attributes: dense),
      ])
  }

  /// A bar and a slanted stem, 0…1.
  static func seven() -> Tensor {
    Tensor([1, 1, 28, 28]) { cells in
      for y in 0..<28 {
        for x in 0..<28 {
          let bar = (6...8).contains(y) && (6...20).contains(x)
          let stem = y > 8 && y < 24 && abs(Double(x) - (20 - Double(y - 8) * 0.6)) < 1.6
          cells[y * 28 + x] = bar || stem ? 1 : 0
        }
      }
    }
  }

  static func experiment() throws -> Experiment {
    try Experiment(
      Subject(
        network: Network(try graph()), input: seven(), inputName: "seven", modelName: "edges"))
  }

  static func state(
    width: Int = 80, height: Int = 24, theme: Theme = Theme(), kind: String = "element"
  ) throws -> State {
    let experiment = try experiment()
    let setting = Setting(layer: experiment.firstLayer.value, kind: kind)
    return try State(
      experiment, setting: setting, size: State.Size(width: width, height: height), theme: theme)
  }

  /// What can lie on top of the maps, each with what opens it.
  static let overlays: [(name: String, action: Action)] = [
    ("help", .toggleHelp), ("layers", .openLayers), ("rules", .toggleRules),
    ("spectrum", .toggleSpectrum), ("inspector", .openInspector), ("prompt", .openPrompt("kind b")),
    ("grid", .toggleGrid), ("palette", .togglePalette),
    ("network", .toggleNetwork), ("ripple", .toggleRipple), ("ladder", .toggleLadder),
    ("ensemble", .toggleEnsemble), ("pool-order", .togglePoolOrder),
  ]
}
