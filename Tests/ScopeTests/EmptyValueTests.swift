import NeuralNet
import Scope
import Studies
import TensorCore
import TerminalUI
import Testing

/// Values without any element are drawn as nothing, on every page.
@Suite struct EmptyValueTests {
  private func draw(_ subject: Subject, kind: String = "element") throws {
    let experiment = try Experiment(subject)
    let setting = Setting(layer: experiment.firstLayer.value, kind: kind)
    for size in [ScreenSize(width: 80, height: 24), ScreenSize(width: 160, height: 50)] {
      let state = try State(experiment, setting: setting, size: size)
      for (name, action) in [("maps", .closeTop)] + Fixture.overlays {
        var page = state
        _ = page.perform([action])
        #expect(page.frame().width == size.width, "\(name)")
      }
    }
  }

  @Test func aShownInput() throws {
    let graph = try Graph(
      name: "two", inputs: [.init("none", dims: [0, 1, 4, 4]), .init("x", dims: [1, 1, 4, 4])],
      outputs: ["y", "z"],
      nodes: [
        Node("Relu", inputs: ["x"], outputs: ["y"]), Node("Relu", inputs: ["none"], outputs: ["z"]),
      ])
    try draw(
      Subject(
        network: Network(graph),
        inputs: [
          "none": .float32(Tensor([0, 1, 4, 4], [])),
          "x": .float32(Tensor([1, 1, 4, 4], repeating: 1)),
        ], shownInput: "none", inputName: "none", modelName: "two"))
  }

  /// Dropout acts on an array of 0×3 weights.
  @Test func weights() throws {
    let graph = try Graph(
      name: "dense", inputs: [.init("x", dims: [2, 0])], outputs: ["y"],
      constants: ["w": .float32(Tensor([0, 3], []))],
      nodes: [Node("MatMul", inputs: ["x", "w"], outputs: ["y"])])
    try draw(
      Subject(
        network: Network(graph), input: Tensor([2, 0], []), inputName: "none", modelName: "dense"),
      kind: "weight")
  }
}
