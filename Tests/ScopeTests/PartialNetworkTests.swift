import Insight
import Masks
import NeuralNet
import Studies
import TensorCore
import TerminalUI
import Testing
import TestNetworks

@testable import Scope

/// A network with an operator that there is not, below the shown layer: it opens, shows what it can and
/// says what it cannot.
@Suite struct PartialNetworkTests {
  private func state() throws -> State {
    let whole = try SmallNetwork.classifier()
    let graph = try Graph(
      name: "partial", inputs: whole.inputs, outputs: whole.outputs, constants: whole.constants,
      nodes: whole.nodes.map { node in
        var node = node
        if node.name == "dense1" { node.opType = "Mystery" }
        return node
      })
    let experiment = try Experiment(
      Subject(
        network: Network(graph), input: SmallNetwork.seven(), inputName: "seven",
        modelName: "partial"))
    return try State(
      experiment, setting: Setting(layer: "r"), size: ScreenSize(width: 80, height: 24))
  }

  @Test func theListNamesWhatIsMissing() throws {
    var state = try state()
    _ = state.perform([.togglePage(.network)])
    #expect(state.frame().text.contains("Mystery"))
    let index = try #require(state.experiment.nodes.firstIndex { $0.name == "dense1" })
    guard case .page(.network, let selected)? = state.overlay else { return }
    _ = state.perform([.moveSelection(by: index - selected.row)])
    #expect(state.frame().text.contains("Mystery is not supported"), "\(state.frame().text)")
    let before = state.setting
    _ = state.perform([.addDropout])
    #expect(state.setting == before)
    #expect(state.message?.contains("cannot act at dense1") == true, "\(state.message ?? "")")
    _ = state.perform([.chooseSelection])
    #expect(state.message?.contains("no maps to show") == true)
  }

  @Test func dropoutAboveItIsRippledWalkedAndMeasured() throws {
    var state = try state()
    _ = state.perform([.togglePage(.effect)])
    #expect(state.observation.downstream.layers.map(\.name) == ["relu", "pool"])
    #expect(state.frame().text.contains("no vector of classes"))
    _ = state.perform([.ofPage(.countVotes)])
    _ = state.perform([.reachWork(8)])
    #expect(state.frame().text.contains("names no classes to count"))
    _ = state.perform([
      .closeTop, .openPrompt("masks 16"), .submit, .togglePage(.placement), .ofPage(.visitAll),
    ])
    while state.dueWork != nil { _ = state.perform([.reachWork(16)]) }
    let rows = state.placementTable.entries.compactMap(\.row)
    #expect(rows.count == state.placementTable.entries.count && rows.count >= 3)
    #expect(rows.allSatisfy { $0.flips == nil && $0.output == nil })
    #expect(rows.contains { $0.next?.varianceRatio != nil })
    _ = state.perform([.closeTop, .togglePage(.samples), .ofPage(.toggleSampling)])
    _ = state.perform([.reachWork(64)])
    #expect((state.ensemble?.sum as? Ensemble)?.classes == nil)
    #expect(state.frame().text.contains("kept in"))
  }

  @Test func whatCannotBeComputedCanStillBeSaved() throws {
    var state = try state()
    _ = state.perform([.togglePage(.network), .setRate(hundredths: 30)])
    let (graph, count) = try state.experiment.editedGraph(state.setting)
    #expect(count == 1)
    #expect(graph.nodes.contains { $0.opType == "Mystery" })
    #expect(Network(graph).writtenDropouts.map { $0.rate?.p } == [0.3])
  }
}
