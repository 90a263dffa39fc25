import Masks
import NeuralNet
import Scope
import Studies
import TensorCore
import TerminalUI
import TestNetworks
import Testing

/// Words along time, what is written, and what is looked at.
@Suite struct SequencePageTests {
  /// A decoder of dates that has learned nothing, on a date.
  private static func state(
    width: Int, height: Int, kind: String = "element", layer: String = "embedding1"
  ) throws -> State {
    let graph = try #require(RecipeRegistry.recipe("bahdanau")).graph(seed: 1)
    let tokens = try DatePairs.letters.tokens(of: "3rd of may 2017")
    let experiment = try Experiment(
      Subject(
        network: Network(graph),
        inputs: ["tokens": .int64(NDArray([1, tokens.count], tokens))], shownInput: "tokens",
        inputName: "\"3rd of may 2017\"", modelName: "dates.onnx"))
    var setting = Setting(layer: try experiment.layer(named: layer).value, kind: kind)
    setting.rate = Rate(clamping: 0.25)
    var state = try State(
      experiment, setting: setting, size: ScreenSize(width: width, height: height),
      theme: Theme(hasColor: false))
    _ = state.perform([.togglePage(.sequence)])
    return state
  }

  @Test(arguments: [(40, 12), (80, 24), (120, 40), (200, 60)])
  func pictures(width: Int, height: Int) throws {
    let state = try Self.state(width: width, height: height)
    expectSnapshot(state.frame().text, "page-sequence-\(width)x\(height)")
  }

  /// A word that is dropped from the table is gone wherever it stands, and so is what is seen of it.
  @Test func anEmbeddingLosesWordsInThePicture() throws {
    let state = try Self.state(width: 80, height: 24, kind: "embedding")
    expectSnapshot(state.frame().text, "page-sequence-embedding")
    let kept = try #require(state.observation.run.masks["embedding1"])
    #expect(kept.dropped > 0)
  }

  @Test func theAlignmentIsKnownWhereTheDateIs() throws {
    // What has learned nothing writes no date.
    let text = try Self.state(width: 120, height: 40).frame().text
    #expect(text.contains("writes ") && text.contains("largest share, mean "), "\(text)")
  }

  @Test func longWordsStandBesideTheirLines() throws {
    var graph = try SequenceNetwork.graph()
    graph.metadata["vocabulary"] =
      Vocabulary(words: ["the", "cat", "sat", "on", "a", "mat", "."]).text
    let experiment = try Experiment(
      Subject(
        network: Network(graph), inputs: ["words": SequenceNetwork.sentences(1)],
        shownInput: "words", inputName: "\"a text\"", modelName: "words.onnx"))
    var state = try State(
      experiment,
      setting: Setting(layer: "states", kind: "locked", rate: Rate(clamping: 0.4)),
      size: ScreenSize(width: 80, height: 24), theme: Theme(hasColor: false))
    _ = state.perform([.togglePage(.sequence)])
    expectSnapshot(state.frame().text, "page-sequence-words")
  }

  @Test func anImageIsNoSequence() throws {
    var state = try Fixture.state()
    _ = state.perform([.togglePage(.sequence)])
    #expect(state.frame().text.contains("has no times or tokens"))
  }
}
