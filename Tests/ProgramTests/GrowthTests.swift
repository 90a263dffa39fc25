import Formats
import Masks
import NeuralNet
import Scope
import Studies
import TensorCore
import TerminalUI
import Testing
import TestSupport

@testable import Program

/// Time grows with what there is: twice as many nodes, lines or rows take less than three times as long.
/// The least of several runs is taken, so that other work of the machine does not count.
@Suite(.serialized) struct GrowthTests {
  private func least(_ runs: Int = 3, _ body: () throws -> Void) rethrows -> Duration {
    var best = Duration.seconds(1_000)
    for _ in 0..<runs {
      let start = ContinuousClock.now
      try body()
      best = min(best, ContinuousClock.now - start)
    }
    return best
  }

  /// Compares n with 2n, and once more where it fails: a burst of other work lasts shorter than that.
  private func expectLinear(
    _ what: String, _ n: Int, _ body: (Int) throws -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) rethrows {
    var ratios: [Double] = []
    for _ in 0..<3 {
      let (one, two) = (try least { try body(n) }, try least { try body(2 * n) })
      ratios.append(two / one)
      if two / one < 3 { return }
    }
    Issue.record("\(what): 2 × \(n) takes \(ratios) times as long", sourceLocation: sourceLocation)
  }

  /// Convolutions and ReLUs in a row, every fourth beside a way around; a dense layer at the end.
  private func graph(_ nodes: Int) throws -> Graph {
    var made: [Node] = []
    var value = "x"
    for index in 0..<nodes {
      let name = "v\(index)"
      if index % 4 == 3 {
        made.append(Node("Add", inputs: [value, made[index - 2].outputs[0]], outputs: [name]))
      } else {
        made.append(Node(index % 2 == 0 ? "Relu" : "Sigmoid", inputs: [value], outputs: [name]))
      }
      value = name
    }
    return try Graph(
      name: "long", inputs: [.init("x", dims: [1, 1, 4, 4])], outputs: [value], nodes: made)
  }

  @Test func infoInNodes() throws {
    let graphs = try [500, 1000].map { try graph($0) }
    try expectLinear("info", 500) { n in
      let report = try ModelReport(Network(graphs[n / 500 - 1]), name: "long")
      #expect(report.nodes.count == n)
    }
  }

  /// Costs of sites are those that each would be told by itself.
  @Test func costsOfAllSitesAreThoseOfEach() throws {
    for network in [Network(try graph(37)), Network(try #require(try BuiltIns.model("digits")))] {
      let signature = network.signature(openSizes: 3)
      let rows = network.rows(signature).map(\.value).filter { !$0.isEmpty }
      let all = try network.costs(ofEach: rows, in: signature)
      for (value, cost) in zip(rows, all) {
        let own = try network.cost(of: [value: .activation], in: signature)
        #expect(own.recomputed == cost.recomputed && own.total == cost.total, "\(value)")
      }
    }
  }

  @Test func viewsInNodes() throws {
    let graphs = try [500, 1000].map { try graph($0) }
    try expectLinear("a view", 500) { n in
      let subject = Subject(
        network: Network(graphs[n / 500 - 1]),
        inputs: ["x": .float32(Tensor([1, 1, 4, 4], repeating: 1))], shownInput: "x", repeats: 1,
        inputName: "x", modelName: "long", arguments: [])
      let experiment = try Experiment(subject)
      let setting = Setting(layer: experiment.firstLayer.value)
      _ = try State(experiment, setting: setting, size: .init(width: 80, height: 24)).frame()
    }
  }

  @Test func screensInRows() {
    expectLinear("ANSI", 4000) { rows in
      var buffer = Buffer(width: 60, height: rows)
      for y in 0..<rows {
        for x in 0..<60 {
          buffer[x, y] = Cell("▀", Style(Color(hex: UInt32((x * 7919 + y * 31) & 0xFFFFFF))))
        }
      }
      #expect(ANSIExport.string(buffer, depth: .truecolor).utf8.count > 60 * rows)
    }
  }

  @Test func scriptsInLines() throws {
    func text(_ lines: Int, _ apart: Int) -> String {
      var text = "dropscope script 1\nopen seven --model edges\nsize 80 24\n"
      for line in 0..<lines {
        text += "\(ScriptTime.text(line * apart)) \(line % 2 == 0 ? "rate-up" : "rate-down")\n"
      }
      return text
    }
    let texts = [5000, 10_000].map { text($0, 1) }
    try expectLinear("a script", 5000) { lines in
      let script = try Script(parsing: Array(texts[lines / 5000 - 1].utf8))
      var state = try script.header.open(from: "test")
      let isOver = state.playUnseen(script.moments())
      #expect(!isOver)
      #expect(state.setting.rate.p == 0.5)
    }
  }

  /// What nobody sees may be observed later: the last frame is that of a script that was watched.
  @Test func aScriptNobodySeesEndsWhereOneDoes() throws {
    let stream = RandomStream(seed: 5)
    let words = [
      "rate-up", "rate-down", "resample", "spatial", "kind", "undo", "redo", "scale", "mode",
      "channel-next", "layer-next", "spectrum", "close", "cursor 3 4", "compare", "rate-up",
      "rate-up", "resample", "resample",
    ]
    for run in 0..<6 {
      var actions: [Action] = []
      for step in 0..<60 {
        let word = words[Int(stream.word(at: run * 60 + step)) % words.count]
        if let action = try? Action(scriptText: word) { actions.append(action) }
      }
      #expect(actions.count > 30)
      let script = Script(
        ScriptHeader(arguments: ["three", "--model", "edges"]),
        steps: actions.enumerated().map { Script.Step(milliseconds: $0, action: $1) })
      var (seen, unseen) = (
        try script.header.open(from: "test"), try script.header.open(from: "test")
      )
      for moment in script.moments() { _ = seen.play(moment) }
      _ = unseen.playUnseen(script.moments())
      #expect(seen.setting == unseen.setting)
      #expect(
        ANSIExport.string(seen.frame(), depth: .truecolor)
          == ANSIExport.string(unseen.frame(), depth: .truecolor))
    }
  }
}
