import NeuralNet
import Studies
import TensorCore
import TerminalUI
import Testing

@testable import Scope

/// An input of three channels is shown in its colours, never as one of them.
@Suite struct InputColourTests {
  /// Red, green, blue and white in a square, by planes.
  private static let planes: [Float] = [
    1, 0, 0, 1,
    0, 1, 0, 1,
    0, 0, 1, 1,
  ]
  private static let expected: [Color] = [0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF].map {
    Color(hex: $0)
  }

  /// The four corners of the input as they are drawn, a cell of the screen each.
  private static func corners(_ subject: Subject) throws -> [Color] {
    let experiment = try Experiment(subject)
    let state = try State(
      experiment, setting: Setting(layer: experiment.firstLayer.value),
      size: ScreenSize(width: 80, height: 24))
    let picture = InputPicture(state)
    #expect(picture.scale == nil, "a ramp")
    let drawn = try #require(picture.picture(rows: 2, columns: 2))
    return drawn.inks.compactMap { $0?.color }
  }

  private static func network() throws -> Network {
    Network(
      try Graph(
        name: "g", inputs: [Graph.Input("x", dims: [1, 3, 2, 2])], outputs: ["y"], constants: [:],
        nodes: [Node("Relu", inputs: ["x"], outputs: ["y"])]))
  }

  @Test func anImageHasItsOwnColours() throws {
    // As the network sees it: normalised, so that its numbers are no colours.
    let numbers = Tensor([1, 3, 2, 2], Self.planes.map { ($0 - 0.4) / 0.2 })
    var subject = Subject(
      network: try Self.network(), input: numbers, inputName: "rgb.png", modelName: "g")
    subject.colours = Tensor([3, 2, 2], Self.planes)
    #expect(try Self.corners(subject) == Self.expected)
  }

  @Test func numbersOfThreeChannelsHaveOneRangeForAll() throws {
    let numbers = Tensor([1, 3, 2, 2], Self.planes.map { 10 * $0 - 5 })
    let subject = Subject(
      network: try Self.network(), input: numbers, inputName: "x.npy", modelName: "g")
    #expect(try Self.corners(subject) == Self.expected)
  }

  /// Where the maps are others' than the image's.
  @Test(arguments: [[0, 3, 2, 2], [1, 3, 0, 2], [1, 3, 2, 0]])
  func anImageWithoutCellsHasNone(dims: [Int]) throws {
    let maps = Tensor([1, 1, 2, 2], [1, 2, 3, 4])
    let network = Network(
      try Graph(
        name: "g", inputs: [Graph.Input("x", dims: dims)], outputs: ["y", "z"],
        constants: ["c": .float32(maps)],
        nodes: [
          Node("Relu", inputs: ["x"], outputs: ["y"]), Node("Relu", inputs: ["c"], outputs: ["z"]),
        ]))
    let experiment = try Experiment(
      Subject(
        network: network, input: Tensor(Shape(dims), []), inputName: "x.npy", modelName: "g"))
    let state = try State(
      experiment, setting: Setting(layer: experiment.firstLayer.value),
      size: ScreenSize(width: 80, height: 24))
    #expect(InputPicture(state).picture(rows: 2, columns: 2) == nil)
    _ = state.frame()
  }
}
