import Insight
import NeuralNet
import Studies
import TestNetworks
import TerminalUI
import Testing

@testable import Scope

/// Names of classes: on the maps beside the answer, on the page of effects with a bar for the likeliest.
@Suite struct ClassNamesTests {
  private static let names = (0..<10).map { "animal \($0)" }

  private static func state(_ names: [String], width: Int, height: Int) throws -> State {
    var subject = Subject(
      network: Network(try SmallNetwork.classifier()), input: SmallNetwork.seven(),
      inputName: "seven", modelName: "small", arguments: ["seven", "--model", "small"])
    subject.classNames = names
    let experiment = try Experiment(subject)
    return try State(
      experiment, setting: Setting(layer: experiment.firstLayer.value),
      size: ScreenSize(width: width, height: height))
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func classesHaveWholeNamesAndTheLikeliestFiveABar(_ width: Int, _ height: Int) throws {
    var state = try Self.state(Self.names, width: width, height: height)
    #expect(state.message == nil)
    _ = state.perform([.togglePage(.effect), .ofPage(.countVotes), .reachWork(200)])
    let rows = state.frame().text.split(separator: "\n").map(String.init)
    let named = rows.filter { row in Self.names.contains { row.contains($0) } }
    // The title's answer, and a row each.
    #expect(named.count == 11, "\(named)")
    let bar = String(Character(SpectrumChart.bar(state.theme.glyphs)))
    let withBar = named.filter { row in
      row.range(ofName: Self.names).map { row[$0.upperBound...].contains(bar) } ?? false
    }
    #expect(withBar.count == 5, "\(withBar)")
  }

  @Test func theAnswerIsNamedOnTheMaps() throws {
    let state = try Self.state(Self.names, width: 120, height: 40)
    #expect(state.frame().text.contains("animal"))
  }

  @Test(arguments: [2, 11]) func anotherNumberOfNamesIsSaid(_ count: Int) throws {
    let names = (0..<count).map { "n\($0)" }
    let state = try Self.state(names, width: 80, height: 24)
    #expect(state.message == "labels: \(count) names for 10 classes")
    #expect(state.frame().text.contains("\(count) names for 10 classes"))
  }

  @Test func namesWithoutClassesAreSaid() throws {
    var subject = Subject(
      network: Network(try SmallNetwork.edges()), input: SmallNetwork.seven(), inputName: "seven",
      modelName: "edges")
    subject.classNames = Self.names
    let experiment = try Experiment(subject)
    let isVector = subject.network.classification(experiment.clean) != nil
    #expect(isVector == (experiment.classNamesNote?.contains("no vector") != true))
    #expect(experiment.classNamesNote != nil)
  }
}

extension String {
  /// Where the first of some names stands.
  fileprivate func range(ofName names: [String]) -> Range<Index>? {
    names.lazy.compactMap { self.firstRange(of: $0) }.first
  }
}
