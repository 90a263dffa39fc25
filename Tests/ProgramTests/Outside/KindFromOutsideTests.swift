import ArgumentParser
import Masks
import Scope
import Studies
import TerminalUI
import TensorCore
import Testing

@testable import Program

/// Everything of a sample or of one of its channels, or nothing: a kind that only this file knows.
private struct WholeDropout: UnitwiseDropout {
  enum Part: String, CaseIterable, Sendable { case sample, channel }

  static let part = KindSetting("whole-part", summary: "What goes as one", usual: Part.sample)

  let part: Part
  let name = "whole"
  let summary = "all of a sample at once"
  var declared: [any DeclaredSetting] { [WholeDropout.part] }

  func units(of layout: Layout) -> Layout {
    let own = [Axis.Name.sample] + (part == .channel ? [.channel] : [])
    return layout.sharing(layout.axes.indices.filter { !own.contains(layout.axes[$0].name) })
  }
}

/// A kind is one file and one line: here both are the test's own.
@Suite struct KindFromOutsideTests {
  private func added(_ body: () throws -> Void) rethrows {
    try KindRegistry.$added.withValue([{ WholeDropout(part: $0[WholeDropout.part]) }]) {
      try body()
    }
  }

  @Test func optionsKnowItAndItsSetting() throws {
    try added {
      for part in WholeDropout.Part.allCases {
        let words = ["--kind", "whole", "--whole-part", part.rawValue, "--rate", ".5"]
        let seen = try ViewOptions.parse(words).open().observe()
        #expect(seen.kind == "whole")
        let layout = seen.siteLayout
        #expect(seen.field.units.count == (part == .sample ? 1 : layout.c))
        let cells = layout.h * layout.w
        #expect(seen.realised.dropped % cells == 0 && seen.realised.of == layout.c * cells)
      }
      // The setting speaks for its kind.
      #expect(try ViewOptions.parse(["--whole-part", "channel"]).open().setting.kind == "whole")
      let help = View.helpMessage()
      #expect(help.contains("manual, whole.") && help.contains("--whole-part <sample|channel>"))
      let rows = try Listing(.kinds).lines
      #expect(rows.last?.hasPrefix("whole") == true)
    }
  }

  @Test func theScreenKnowsIt() throws {
    try added {
      var state = try ViewOptions.parse(["--kind", "cutout"]).open()
        .state(size: ScreenSize(width: 100, height: 40))
      _ = state.perform([.openPrompt("kind whole"), .submit])
      #expect(state.setting.kind == "whole" && state.observation.kind == "whole")
      _ = state.perform([.openPrompt("whole-part channel"), .submit])
      #expect(state.setting.kinds[WholeDropout.part] == .channel)
      #expect(state.observation.field.units.count == state.site.layout.c)
      _ = state.perform([.openFinder])
      for letter in "kind whole" { _ = state.perform([.type(String(letter))]) }
      #expect(state.frame().text.contains("Kind: whole dropout"))
      // Undone, the command that opens it is written with its setting.
      _ = state.perform([.closeTop])
      #expect(state.arguments().contains("--whole-part"))
    }
  }

  @Test func elsewhereThereIsNoSuchKind() {
    #expect(!KindRegistry.names.contains("whole"))
    #expect(throws: (any Error).self) { try ViewOptions.parse(["--whole-part", "sample"]) }
  }
}
