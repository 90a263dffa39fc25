import Masks
import NeuralNet
import Scope
import Studies
import TensorCore
import TerminalUI
import Testing
import TestNetworks

/// A picture, what is true and what is found in it, and how that varies over masks.
@Suite struct SegmentationPageTests {
  private static let size = 24

  /// A bright square on a dark ground, found by its mean around each place.
  private static func state(
    width: Int, height: Int, isJudged: Bool = true, masks: Bool = true
  ) throws -> State {
    let graph = try Graph(
      name: "mean", inputs: [.init("x", dims: [1, 1, size, size])], outputs: ["found"],
      constants: [
        "w": .float32(Tensor([1, 1, 3, 3], repeating: 1 / 9)),
        "steep": .float32(Tensor([], [8])), "middle": .float32(Tensor([], [4])),
      ],
      nodes: [
        Node(
          "Conv", inputs: ["x", "w"], outputs: ["mean"], attributes: ["pads": .ints([1, 1, 1, 1])]),
        Node("Relu", inputs: ["mean"], outputs: ["relu"]),
        Node("Mul", inputs: ["relu", "steep"], outputs: ["scaled"]),
        Node("Sub", inputs: ["scaled", "middle"], outputs: ["logit"]),
        Node("Sigmoid", inputs: ["logit"], outputs: ["found"]),
      ])
    let inside = (0..<size * size).map { cell -> Bool in
      let (y, x) = cell.quotientAndRemainder(dividingBy: size)
      return (6..<16).contains(y) && (8..<20).contains(x)
    }
    var subject = Subject(
      network: Network(graph), input: Tensor([1, 1, size, size], inside.map { $0 ? 1 : 0.1 }),
      inputName: "square.png", modelName: "mean.onnx")
    if isJudged { subject.truth = inside }
    var setting = Setting(layer: "relu")
    setting.rate = Rate(clamping: 0.3)
    var state = try State(
      Experiment(subject), setting: setting, size: ScreenSize(width: width, height: height),
      theme: Theme(hasColor: false))
    _ = state.perform([.openPage(.segmentation)])
    if masks { _ = state.perform([.reachWork(64)]) }
    return state
  }

  @Test(arguments: [(40, 12), (80, 24), (120, 40), (200, 60)])
  func pictures(width: Int, height: Int) throws {
    expectSnapshot(
      try Self.state(width: width, height: height).frame().text,
      "page-segmentation-\(width)x\(height)")
  }

  @Test func withoutATruthThereIsNoDice() throws {
    let text = try Self.state(width: 120, height: 40, isJudged: false).frame().text
    expectSnapshot(text, "page-segmentation-unjudged")
    #expect(text.contains("--truth FILE") && !text.contains("Dice"))
  }

  @Test func samplesAccumulateWhileItIsSeen() throws {
    var state = try Self.state(width: 80, height: 24, masks: false)
    #expect(state.frame().text.contains("T = 0 masks"))
    #expect(state.dueWork != nil)
    _ = state.perform([.openPage(nil)])
    #expect(state.dueWork == nil)
  }

  @Test func aClassifierFindsNoPlaces() throws {
    var state = try Fixture.state()
    _ = state.perform([.togglePage(.segmentation)])
    #expect(state.frame().text.contains("finds no places"))
  }
}
