import Formats
import Masks
import NeuralNet
import Studies
import TensorCore
import TerminalUI
import Testing
import TestNetworks

@testable import Scope

@Suite struct InspectorTests {
  /// The built-in edges model on a drawn seven, a layer of it shown.
  func state(
    _ layer: String, width: Int = 80, height: Int = 24, theme: Theme = Theme(),
    site: String? = nil
  ) throws -> State {
    let graph = try #require(try BuiltIns.model("edges"))
    let experiment = try Experiment(
      Subject(
        network: Network(graph), input: SmallNetwork.seven(), inputName: "seven", modelName: "edges"
      ))
    let setting = Setting(
      layer: try experiment.layer(named: layer).value,
      pinnedSite: try site.map { try experiment.layer(named: $0).value })
    return try State(
      experiment, setting: setting, size: ScreenSize(width: width, height: height), theme: theme)
  }

  /// A state's screen with the inspector open.
  func inspected(_ state: State, scroll: Int = 0) -> Buffer {
    var state = state
    _ = state.perform([.openInspector, .scroll(by: scroll)])
    return state.frame()
  }

  static let ascii = Theme(glyphs: .ascii, hasColor: false)

  @Test(arguments: ["relu1", "relu2", "pool", "dense", "image"])
  func screens(layer: String) throws {
    expectSnapshot(inspected(try state(layer)).text, "inspector-\(layer)")
  }

  @Test(arguments: [(80, 24), (40, 12)])
  func plainScreens(width: Int, height: Int) throws {
    let state = try state("relu2", width: width, height: height, theme: Self.ascii)
    expectSnapshot(inspected(state).text, "inspector-ascii-\(width)x\(height)")
  }

  @Test func scrolledToTheEnd() throws {
    let state = try state("relu2", width: 40, height: 12, theme: Self.ascii)
    expectSnapshot(inspected(state, scroll: 1000).text, "inspector-scrolled")
  }

  @Test func aSiteElsewhere() throws {
    let text = inspected(try state("relu2", site: "relu1")).text
    #expect(text.contains("dropout acts at relu1, not here"))
    #expect(!text.contains("u ."))
  }

  @Test func everyCellOfTheEdgesModelAgrees() throws {
    let state = try state("relu1")
    let network = state.experiment.subject.network
    for layer in state.experiment.layers {
      for offset in 0..<layer.layout.count {
        let (c, y, x) = layer.layout.place(of: offset)
        let cell = try CellArithmetic(
          network, state.experiment.clean, value: layer.value,
          at: .init(channel: c, row: y, column: x))
        let found = Double(cell.found)
        #expect(abs(cell.result - found) <= 1e-5 * max(1, abs(found)), "\(layer.name) \(offset)")
      }
    }
  }

  @Test("the line of the dropout turns over exactly where u and p meet")
  func fate() throws {
    var state = try state("relu1")
    let place = state.cursor
    let layout = state.observation.siteLayout
    let u = state.observation.field.uniform(
      at: layout.offset(n: 0, c: 0, y: place.row, x: place.column), in: layout)
    let dies = Int((u * 100).rounded(.down)) + 1
    _ = state.perform([.openInspector, .setRate(hundredths: dies)])
    #expect(state.frame().text.contains("< p .\(dies): dropped"))
    #expect(state.frame().text.contains("→  0"))
    _ = state.perform([.setRate(hundredths: dies - 1)])
    #expect(state.frame().text.contains("≥ p .\(dies - 1): kept"))
    _ = state.perform([.toggleMode])
    #expect(state.frame().text.contains("evaluation: nothing is dropped"))
  }

  @Test func keysOpenScrollAndClose() throws {
    var state = try state("relu2", width: 40, height: 12, theme: Self.ascii)
    func press(_ key: InputEvent) {
      if let action = state.action(for: key) { _ = state.perform([action]) }
    }
    press(.key(.enter))
    #expect(state.overlay == .inspector(scroll: 0))
    press(.key(.up))
    #expect(state.overlay == .inspector(scroll: 0))
    press("j")
    press(.key(.down))
    press("k")
    #expect(state.overlay == .inspector(scroll: 1))
    for _ in 0..<20 { press(.key(.pageDown)) }
    let last = InspectorPanel.lastScroll(state)
    #expect(last > 1 && state.overlay == .inspector(scroll: last))
    press(.key(.enter))
    #expect(state.overlay == nil)
    press(.key(.enter))
    press(.key(.escape))
    #expect(state.overlay == nil)
    let keys = Bindings.active(.inspector(scroll: 0)).flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
  }

  @Test func everySizeIsDrawn() throws {
    for layer in ["image", "relu2", "dense"] {
      for theme in [Theme(), Self.ascii] {
        var state = try state(layer, theme: theme)
        for width in [0, 1, 23, 24, 25, 39, 60, 81, 300] {
          for height in [0, 1, 7, 8, 9, 12, 23, 80] {
            _ = state.perform([.resize(width: width, height: height)])
            for scroll in [0, 1000] {
              let frame = inspected(state, scroll: scroll)
              #expect(frame.width == width && frame.height == height)
            }
          }
        }
      }
    }
  }

  @Test(
    arguments: [
      ([1, 0, -2], ["1", "0", "-2"]), ([0.5, 0, -0.25], [".50", "0   ", "-.25"]),
      ([1.0 / 16, 0.25], [".0625", ".2500"]), ([1 / 3.0, 12.5], ["  .33", "12.50"]),
      ([], []), ([.nan, 1], ["nan", "  1"]), ([0, 0], ["0", "0"]),
      ([2e7, 1], ["2.00e7", " 1.000"]),
    ] as [([Double], [String])])
  func columns(values: [Double], texts: [String]) {
    let column = DigitColumn(values)
    let blank = { (text: String) in
      String(repeating: " ", count: max(0, column.width - text.count)) + text
    }
    #expect(values.map(column.text) == texts.map(blank))
  }
}
