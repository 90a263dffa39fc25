import Insight
import Masks
import NeuralNet
import Scope
import Studies
import TensorCore
import TerminalUI
import Testing

@Suite struct MetersScreenTests {
  private static let plain = Theme(glyphs: .ascii, hasColor: false)

  @Test(arguments: [(80, 24), (40, 12)])
  func spectrum(width: Int, height: Int) throws {
    var state = try Fixture.state(width: width, height: height)
    _ = state.perform([.toggleSpectrum])
    expectSnapshot(state.frame().text, "spectrum-\(width)x\(height)")
    var ascii = try Fixture.state(width: width, height: height, theme: MetersScreenTests.plain)
    _ = ascii.perform([.toggleSpectrum])
    expectSnapshot(ascii.frame().text, "spectrum-ascii-\(width)x\(height)")
  }

  @Test(arguments: [(80, 24), (40, 12)])
  func panes(width: Int, height: Int) throws {
    var state = try Fixture.state(width: width, height: height, theme: MetersScreenTests.plain)
    _ = state.perform([.nextPane])
    expectSnapshot(state.frame().text, "filled-\(width)x\(height)")
    _ = state.perform([.nextPane])
    expectSnapshot(state.frame().text, "residual-\(width)x\(height)")
    _ = state.perform([.openPrompt("block 7"), .submit])
    _ = state.perform([.nextPane])
    expectSnapshot(state.frame().text, "chances-\(width)x\(height)")
    _ = state.perform([.nextPane])
    #expect(state.pane == .dropped)
  }

  private func state(_ cells: [Float], width: Int = 128, height: Int = 24) throws -> State {
    let subject = try Subject(activations: Tensor([1, 1, 4, 4], cells), inputName: "cells.npy")
    let experiment = try Experiment(subject)
    return try State(
      experiment, setting: Setting(layer: experiment.firstLayer.value),
      size: ScreenSize(width: width, height: height), theme: MetersScreenTests.plain)
  }

  @Test func whatIsNoNumberIsSaidInWords() throws {
    for odd in [Float.nan, .infinity, -.infinity] {
      let state = try state([odd, odd] + (0..<14).map { Float($0) })
      let line = state.frame().row(state.size.height - 3)
      #expect(line.hasPrefix(" NaN or Inf 2  already zero "), "\(line)")
      for word in ["L1 ?", "predictable ?", "mean ?", "variance ?"] {
        #expect(line.contains(word), "\(line)")
      }
      #expect(state.summary().contains("L1 removed ?, squared L2 removed ?."))
      #expect(state.summary().contains { $0.contains("NaN or Inf in 2 cells") })
      for (width, height) in [(40, 12), (80, 24), (130, 40)] {
        var sized = state
        _ = sized.perform([.resize(width: width, height: height)])
        let text = sized.frame().text
        #expect(!text.contains("nan%") && !text.contains("inf%"), "\(text)")
      }
    }
  }

  /// Finite values are drawn as values, however large their range.
  @Test func theLargestFloatsAreValues() throws {
    let largest = Float.greatestFiniteMagnitude
    var state = try state((0..<16).map { [largest, -largest, 0, 1][$0 % 4] })
    // Scaled by 2 those that are kept are beyond float32.
    let kept = (0..<16).count { $0 % 4 < 2 && state.observation.mask.kept[$0] }
    let line = state.frame().row(state.size.height - 3)
    #expect(kept > 0 && line.hasPrefix(" overflow \(kept)  already zero "), "\(line)")
    #expect(line.contains("mean ?") && !line.contains("L1 ?"), "\(line)")
    _ = state.perform([.toggleMode])
    let text = state.frame().text
    #expect(!text.contains("!") && text.contains("@"), "\(text)")
    #expect(text.contains("-3.40e38"), "\(text)")
    #expect(!text.contains("NaN") && !text.contains("?%"), "\(text)")
    #expect(state.observation.waste.massRemoved.isFinite)
  }

  @Test func metersGiveWayFromTheRight() throws {
    var state = try Fixture.state()
    let line = { (state: State) in state.frame().row(state.size.height - 3) }
    for word in ["was zero", "L1", "predict", "auto", "mean", "var"] {
      #expect(line(state).contains(word))
    }
    _ = state.perform([.resize(width: 130, height: 24)])
    #expect(line(state).hasSuffix("reused 100%  L2² −40%"))
    #expect(line(state).contains("predictable") && line(state).contains("variance"))
    _ = state.perform([.resize(width: 40, height: 24)])
    #expect(line(state).contains("L1") && !line(state).contains("mean"))
    _ = state.perform([.resize(width: 24, height: 24)])
    #expect(line(state).contains("was zero") && !line(state).contains("…"))
  }

  @Test func theChartFollowsTheKeysOfTheMaps() throws {
    var state = try Fixture.state()
    for key in ["f", "+", "s"] as [InputEvent] {
      _ = state.perform(state.action(for: key).map { [$0] } ?? [])
    }
    #expect(state.overlay == .spectrum)
    #expect(state.setting.rate.p == 0.55 && state.setting.kind == "spatial")
    #expect(state.frame().text.contains("spatial p .55"))
    _ = state.perform([.closeTop])
    #expect(state.overlay == nil)
  }

  @Test func whatTheSentenceSaysIsWhatTheNumbersSay() throws {
    var state = try Fixture.state(width: 120, height: 40)
    _ = state.perform([.toggleSpectrum])
    #expect(state.frame().text.contains("noise over fine detail"))
    _ = state.perform([.setRate(hundredths: 100)])
    #expect(state.frame().text.contains("Nothing is left"))
    _ = state.perform([.setRate(hundredths: 0)])
    #expect(state.frame().text.contains("Nothing is dropped"))
    _ = state.perform([.setRate(hundredths: 50), .toggleMode])
    #expect(state.frame().text.contains("Nothing is dropped"))
  }

  @Test func panesAtAPinnedSiteNameIt() throws {
    let experiment = try Fixture.experiment()
    var state = try State(
      experiment, setting: Setting(layer: "pooled", pinnedSite: "r1"),
      size: ScreenSize(width: 80, height: 24))
    _ = state.perform([.nextPane])
    #expect(state.frame().row(2).contains("filled at relu1"))
  }

  @Test func overlaysAndPanesFitEverySize() throws {
    for theme in [Theme(), MetersScreenTests.plain] {
      var state = try Fixture.state(theme: theme)
      _ = state.perform([.toggleSpectrum])
      for pane in State.Pane.allCases {
        for width in [0, 1, 23, 24, 25, 39, 60, 80, 200] {
          for height in [0, 1, 7, 8, 9, 10, 12, 24, 60] {
            _ = state.perform([.resize(width: width, height: height)])
            #expect(state.frame().width == width)
          }
        }
        #expect(state.pane == pane)
        _ = state.perform([.nextPane])
      }
    }
  }

  @Test func denseLayersHaveNoFrequencies() throws {
    let features = Tensor([1, 12], (0..<12).map { Float($0) })
    let experiment = try Experiment(Subject(activations: features, inputName: "f.npy"))
    var state = try State(
      experiment, setting: Setting(layer: experiment.firstLayer.value),
      size: ScreenSize(width: 80, height: 24))
    _ = state.perform([.toggleSpectrum])
    #expect(state.frame().text.contains("no fast and slow"))
  }
}
