import TerminalUI
import Testing

@testable import Scope

/// The screen in every size and every depth of colour, as text to look at.
@Suite struct SizeScreenTests {
  private static let sizes = [
    (0, 0), (1, 1), (20, 5), (40, 12), (80, 24), (120, 40), (200, 60),
  ]

  @Test(arguments: sizes) func halfBlocks(width: Int, height: Int) throws {
    let state = try Fixture.state(width: width, height: height)
    expectSnapshot(state.frame().text, "blocks-\(width)x\(height)")
  }

  /// LANG=C: what a terminal without Unicode is sent.
  @Test(arguments: sizes) func plainASCII(width: Int, height: Int) throws {
    let state = try Fixture.state(width: width, height: height, theme: Theme(glyphs: .ascii))
    let frame = state.frame()
    let text = String(
      String.UnicodeScalarView(
        frame.text.unicodeScalars.map { $0 == "\n" ? $0 : Glyphs.ascii(for: $0) }))
    expectSnapshot(text, "c-\(width)x\(height)")
  }

  @Test(arguments: ColorDepth.allCases, [(40, 12)])
  func styles(_ depth: ColorDepth, size: (Int, Int)) throws {
    let theme = Theme(hasColor: depth >= .ansi8)
    let state = try Fixture.state(width: size.0, height: size.1, theme: theme)
    expectSnapshot(styleText(state.frame(), depth), "styles-\(depth)")
  }

  @Test func in256ColoursTheUsersSixteenAreLeftAlone() throws {
    for overlay in [nil] + Fixture.overlays.map(\.action) {
      var state = try Fixture.state(width: 120, height: 40)
      if let overlay { _ = state.perform([overlay]) }
      for cell in state.frame().cells {
        let (ink, paper, _) = ColorDepth.palette256.reduce(cell.style)
        for case .index(let index) in [ink, paper] { #expect(index >= 16) }
      }
    }
  }

  // The spectrum's are with the meters'.
  @Test(arguments: Fixture.overlays.map(\.name).filter { $0 != "spectrum" }, [(80, 24), (40, 12)])
  func overlays(name: String, size: (Int, Int)) throws {
    var state = try Fixture.state(width: size.0, height: size.1)
    let action = try #require(Fixture.overlays.first { $0.name == name }).action
    _ = state.perform([action])
    expectSnapshot(state.frame().text, "over-\(name)-\(size.0)x\(size.1)")
  }

  @Test func everyGlyphHasAStandInForASCII() throws {
    for overlay in [nil] + Fixture.overlays.map(\.action) {
      for (width, height) in Self.sizes {
        var state = try Fixture.state(width: width, height: height, theme: Theme(glyphs: .ascii))
        if let overlay { _ = state.perform([overlay]) }
        for cell in state.frame().cells where cell.glyph != "?" {
          #expect(Glyphs.ascii(for: cell.glyph) != "?", "\(cell.glyph)")
        }
      }
    }
  }
}
