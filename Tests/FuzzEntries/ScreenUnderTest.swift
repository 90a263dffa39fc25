import Masks
import NeuralNet
import Scope
import Studies
import TensorCore
import TerminalUI
import TestNetworks

/// A screen without a terminal, and what must hold of it after everything that is done.
struct ScreenUnderTest {
  var state: State

  /// The screen of a state.
  init(_ state: State) { self.state = state }

  /// A screen of one of a few views.
  init(_ view: Int) { state = ScreenUnderTest.views[view % ScreenUnderTest.views.count] }

  /// How many views there are.
  static var count: Int { views.count }

  /// Small networks of several sorts, each on a drawn or made-up input.
  private static let views: [State] = {
    do {
      let pooled = try SmallNetwork.pooled()
      let dense = try SmallNetwork.linear(SmallNetwork.numbers([6, 4], seed: 3), softmax: true)
      return try [
        view(
          Subject(
            network: Network(SmallNetwork.edges()), input: SmallNetwork.seven(),
            inputName: "seven", modelName: "edges")),
        view(
          Subject(
            network: pooled, input: SmallNetwork.numbers([1, 1, 10, 10], seed: 1),
            inputName: "numbers", modelName: "pooled")),
        view(
          Subject(
            network: dense, input: SmallNetwork.numbers([1, 6], seed: 2),
            inputName: "row", modelName: "dense")),
        view(
          Subject(
            network: Network(SmallNetwork.trainable()),
            input: SmallNetwork.numbers([2, 1, 8, 8], seed: 4), inputName: "two",
            modelName: "trainable")),
        view(
          Subject(
            activations: SmallNetwork.numbers([1, 3, 2, 4, 5], seed: 5), inputName: "volume")),
        view(Subject(activations: SmallNetwork.numbers([1, 2, 7], seed: 6), inputName: "row")),
      ]
    } catch {
      fatalError("\(error)")
    }
  }()

  private static func view(_ subject: Subject) throws -> State {
    let experiment = try Experiment(subject)
    return try State(
      experiment, setting: Setting(layer: experiment.firstLayer.value),
      size: ScreenSize(width: 80, height: 24))
  }

  /// Does an action as the program would, but for a little of the work that goes on in the background.
  mutating func perform(_ action: Action) {
    guard action != .quit else { return }
    for effect in state.perform([action]) {
      guard effect == .startWork, var work = state.dueWork else { continue }
      work.advance(to: 8)
      state.receive(work)
    }
  }

  /// Draws the screen.
  /// - Precondition: it has its size, no cell does anything to a terminal, and the state names what
  ///   there is.
  func expectSound() {
    let frame = state.frame()
    expect(
      frame.width == max(0, state.size.width) && frame.height == max(0, state.size.height),
      "a frame of \(frame.width)×\(frame.height) on \(state.size)")
    expect(frame.cells.count == frame.width * frame.height, "\(frame.cells.count) cells")
    for cell in frame.cells
    where cell.glyph.value < 0x20 || (0x7F...0x9F).contains(cell.glyph.value) {
      expect(false, "a control character on the screen: \(cell.glyph.value)")
    }
    expect((0...1).contains(state.setting.rate.p), "rate \(state.setting.rate.p)")
    expect((0..<state.channels).contains(state.channel), "channel \(state.channel)")
    expect(
      state.plane.offset(y: state.cursor.row, x: state.cursor.column) != nil, "\(state.cursor)")
  }
}
