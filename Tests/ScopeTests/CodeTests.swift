import Masks
import NeuralNet
import TensorCore
import Studies
import TerminalUI
import Testing

@testable import Scope

/// The setting as code of other libraries. The texts are kept in one file, which
/// Tests/Golden/check_code.py runs with PyTorch, Keras and onnxruntime.
@Suite struct CodeTests {
  private static let layouts: [(shape: Shape, names: [Axis.Name])] = [
    ([2, 3, 4, 5], [.sample, .channel, .row, .column]), ([2, 3, 8], [.sample, .channel, .time]),
    ([2, 6, 4], [.sample, .time, .feature]), ([4, 6], [.sample, .feature]),
  ]

  private static func code(
    _ form: CodeForm, _ kind: String, _ scaling: Scaling, _ rate: Double, _ layout: Layout
  ) -> String {
    let placed = PlacedDropout(
      site: "relu1", kind: kind, rate: Rate(clamping: rate), scaling: scaling)
    return DropoutCode(placed, layout: layout, name: "relu1").text(form)
  }

  /// Every kind in every form over axes where it acts, in every scale that it takes.
  @Test func textsAreThoseThatWereRun() throws {
    var text = ""
    for form in CodeForm.allCases where form != .command {
      for (shape, names) in Self.layouts {
        let layout = Layout(shape, names.map { Axis($0) })
        for kind in KindRegistry.all() {
          guard (try? kind.units(of: layout)) != nil else { continue }
          let isOnce = kind.target.isParameter || ["block", "cutout", "manual"].contains(kind.name)
          if shape.rank != 4, isOnce { continue }
          for scaling in Scaling.allCases where kind.takesScaling || scaling == .inverted {
            let rate = scaling == .none ? 0.2 : 0.375
            text += "## \(form.rawValue) \(kind.name) \(scaling.rawValue) \(rate) "
            text += "\(layout.axes.letters)\n"
            text += Self.code(form, kind.name, scaling, rate, layout) + "\n"
          }
        }
      }
    }
    expectSnapshot(text, "code")
  }

  @Test(arguments: ["block", "cutout", "manual"], [CodeForm.torch, .keras, .onnx])
  func whatHasNoEquivalentSaysSo(kind: String, form: CodeForm) {
    let text = Self.code(form, kind, .inverted, 0.5, Layout(n: 1, c: 2, h: 6, w: 6))
    #expect(text.contains("no equivalent") || text.contains("no random layer"), "\(text)")
    #expect(!text.contains("dropout ="), "\(text)")
  }

  @Test func yShowsTheWholeCommandAndCapitalYTheCode() throws {
    for (width, height) in [(80, 24), (40, 12), (24, 8)] {
      var state = try PlacingTests.state(width: width, height: height)
      let effects = state.perform([try #require(state.action(for: "y"))])
      #expect(effects == [.copy(state.commandLine)])
      if height >= 24 {
        // All of it is there, over as many lines as that takes.
        let lines = CodePanel.lines(state.commandLine, room: width - 4)
        #expect(lines.joined(separator: " ") == state.commandLine)
        for line in lines { #expect(state.frame().text.contains(line), "\(line)") }
      }
      var forms: [[Effect]] = []
      for _ in 0..<4 {
        forms.append(state.perform([try #require(state.action(for: "Y"))]))
        _ = state.frame()
      }
      #expect(
        forms == [CodeForm.torch, .keras, .onnx, .command].map { [.copy(state.code($0))] }
          || forms == [CodeForm.keras, .onnx, .command, .torch].map { [.copy(state.code($0))] })
      _ = state.perform([.closeTop])
      #expect(state.overlay == nil)
    }
  }

  @Test func linesAreCutBetweenWords() {
    #expect(CodePanel.lines("one two three", room: 7) == ["one two", "three"])
    #expect(CodePanel.lines("abcdefghij k", room: 4) == ["abcd", "efgh", "ij k"])
    #expect(CodePanel.lines("a\n    b", room: 9) == ["a", "    b"])
    #expect(CodePanel.lines("", room: 9) == [""])
  }
}
