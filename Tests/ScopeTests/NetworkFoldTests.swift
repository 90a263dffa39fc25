import Masks
import NeuralNet
import Scope
import Studies
import TensorCore
import TerminalUI
import Testing

/// Groups of the network page open and close, and the list finds what lies in them.
@Suite struct NetworkFoldTests {
  /// Fifty blocks of four nodes, more than stand in one list.
  private static func state() throws -> State {
    let nodes = (0..<200).map { index in
      Node(
        name: "layers.\(index / 4).\(["norm", "fc", "act", "out"][index % 4])",
        ["Tanh", "Relu", "Sigmoid", "Abs"][index % 4],
        inputs: [index == 0 ? "x" : "v\(index - 1)"], outputs: ["v\(index)"])
    }
    let graph = try Graph(
      name: "chain", inputs: [.init("x", dims: [1, 1, 4, 4])], outputs: ["v199"], nodes: nodes)
    let subject = Subject(
      network: Network(graph), input: Tensor([1, 1, 4, 4], (0..<16).map { Float($0) }),
      inputName: "ramp", modelName: "chain")
    return try State(
      Experiment(subject), setting: Setting(layer: "v5"), size: ScreenSize(width: 80, height: 24))
  }

  private static func lines(_ state: State) -> [String] {
    state.frame().text.split(separator: "\n").dropFirst(4).prefix(14).map {
      $0.split(separator: " ").prefix(4).joined(separator: " ")
    }
  }

  @Test func opensWhereTheLayerIs() throws {
    var state = try Self.state()
    _ = state.perform([.openPage(.network)])
    let lines = Self.lines(state)
    #expect(lines.contains { $0.hasPrefix("▾ layers.0 …") })
    #expect(lines.contains { $0.hasPrefix("▾ layers.1 4") })
    #expect(lines.contains { $0.hasPrefix("▸ layers.2 4") })
    #expect(lines.contains { $0.hasPrefix("▸ fc Relu") })
  }

  /// ← closes the group around, then the one around that; → opens; Enter does both.
  @Test func arrowsAndEnterFold() throws {
    var state = try Self.state()
    _ = state.perform([.openPage(.network)])
    let fold = { (state: inout State, step: Int) in
      _ = state.perform([.ofPage(.networkFold, by: step)])
    }
    fold(&state, -1)
    #expect(Self.lines(state).contains { $0.hasPrefix("▸ layers.1 4") })
    fold(&state, -1)
    #expect(Self.lines(state).prefix(2).map { $0.prefix(8) } == ["x Input ", "▸ layers"])
    #expect(Self.lines(state).count { !$0.isEmpty && !$0.contains("layers") } < 8)
    _ = state.perform([.showSelection])
    #expect(Self.lines(state).contains { $0.hasPrefix("▸ layers.2 4") })
    _ = state.perform([.showSelection])
    #expect(!Self.lines(state).contains { $0.hasPrefix("▸ layers.2 4") })
    fold(&state, 1)
    #expect(Self.lines(state).contains { $0.hasPrefix("▸ layers.2 4") })
    // A group is no edge: nothing is added to it.
    let before = state.setting
    _ = state.perform([.addDropout])
    #expect(state.setting == before)
  }

  @Test func theFilterLooksIntoClosedGroups() throws {
    var state = try Self.state()
    _ = state.perform([.openPage(.network), .openFilter, .type("49.fc")])
    #expect(Self.lines(state)[0].hasPrefix("layers.49.fc Relu"))
    _ = state.perform([.submit, .showSelection])
    #expect(state.setting.layer == "v197")
  }

  @Test func allNodesInOneList() throws {
    var state = try Self.state()
    _ = state.perform([.openPage(.network), .ofPage(.networkGroups)])
    #expect(Self.lines(state).contains { $0.hasPrefix("layers.0.norm Tanh") })
    #expect(Self.lines(state).contains { $0.hasPrefix("▸ layers.1.fc Relu") })
    _ = state.perform([.ofPage(.networkGroups)])
    #expect(Self.lines(state).contains { $0.hasPrefix("▾ layers.1 4") })
  }

  /// Rows inside a node can be shown and dropped at, and undo takes that back.
  @Test func whatIsInsideANodeIsALayer() throws {
    let body = try Body(
      inputs: [
        .init("i", type: .int64, dims: []), .init("c", type: .bool, dims: []),
        .init("h", dims: [1, 1, 4, 4]),
      ], outputs: ["c", "h2"],
      nodes: [
        Node(name: "act", "Tanh", inputs: ["h"], outputs: ["a"]),
        Node(name: "neg", "Neg", inputs: ["a"], outputs: ["h2"]),
      ], opsets: ["": 17])
    let graph = try Graph(
      name: "loop", inputs: [.init("x", dims: [1, 1, 4, 4])], outputs: ["y"],
      constants: ["turns": .int64(NDArray([], [3]))],
      nodes: [
        Node(
          name: "loop", "Loop", inputs: ["turns", "", "x"], outputs: ["y"],
          attributes: ["body": .graph(body)])
      ])
    let subject = Subject(
      network: Network(graph), input: Tensor([1, 1, 4, 4], (0..<16).map { Float($0) / 16 }),
      inputName: "ramp", modelName: "loop")
    var state = try State(
      Experiment(subject), setting: Setting(layer: "y"), size: ScreenSize(width: 80, height: 24))
    _ = state.perform([.openPage(.network), .ofPage(.networkFold, by: 1), .moveSelection(by: 1)])
    #expect(Self.lines(state).contains("act Tanh"))
    _ = state.perform([.addDropout])
    state.settle()
    #expect(state.setting.pinnedSite == "loop/a")
    #expect(state.observation.mask.kept.shape == [3, 1, 1, 4, 4])
    #expect(state.observation.output != state.observation.cleanOutput)
    #expect(state.frame().text.contains("[3,1,1,4,4]"))
    _ = state.perform([.showSelection])
    state.settle()
    #expect(state.layer.name == "loop/a" && state.layer.layout.shape == [3, 1, 1, 4, 4])
    // What each cell drew is what its mask says.
    let (seen, p) = (state.observation, state.setting.rate.p)
    for offset in 0..<48 {
      let u = seen.field.uniform(at: offset, in: seen.siteLayout)
      #expect((Double(u) >= p) == seen.mask.kept[offset])
    }
    _ = state.perform([.undo, .undo])
    state.settle()
    #expect(state.setting.layer == "y" && state.setting.pinnedSite == nil)
    _ = state.perform([.redo, .redo])
    state.settle()
    #expect(state.setting.layer == "loop/a" && state.setting.pinnedSite == "loop/a")
  }
}
