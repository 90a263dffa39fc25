import Masks
import Scope
import Studies
import TensorCore
import TerminalUI
import Testing

@Suite struct ScreenTests {
  @Test(arguments: [(20, 5), (24, 8), (40, 12), (80, 24), (120, 40)])
  func plainScreens(width: Int, height: Int) throws {
    let state = try Fixture.state(
      width: width, height: height, theme: Theme(glyphs: .ascii, hasColor: false))
    expectSnapshot(state.frame().text, "ascii-\(width)x\(height)")
  }

  @Test func everySizeIsDrawn() throws {
    let themes = [Theme(), Theme(glyphs: .ascii, hasColor: false)]
    for theme in themes {
      var state = try Fixture.state(theme: theme)
      for width in [0, 1, 2, 23, 24, 25, 39, 60, 79, 81, 110, 500] {
        for height in [0, 1, 7, 8, 9, 10, 11, 12, 18, 23, 25, 41, 200] {
          for overlay in [nil, Action.toggleHelp, .openLayers] {
            _ = state.perform(
              [.resize(width: width, height: height)] + (overlay.map { [$0] } ?? []))
            let frame = state.frame()
            #expect(frame.width == width && frame.height == height)
            _ = state.perform([.closeTop])
          }
        }
      }
    }
  }

  @Test func theFourFatesLookDifferent() throws {
    let state = try Fixture.state()
    let frame = state.frame()
    // The mask stands in columns 27…52, rows 3…15, two map rows to a cell.
    var looks: [Fate: Set<Color>] = [:]
    for row in 0..<26 {
      for column in 0..<26 {
        // The cursor's value fills the cell of the screen that it shares with its neighbour.
        if row / 2 == state.cursor.row / 2, column == state.cursor.column { continue }
        let cell = frame[27 + column, 3 + row / 2]
        // Where two cells are marked alike, the paper is both; else the ink is where its glyph is.
        let isMarked = cell.glyph == "×" || cell.glyph == "·"
        let isUpper = row % 2 == 0
        let hasInk = !isMarked && cell.glyph != " " && (cell.glyph == "▀") == isUpper
        let color = hasInk ? cell.style.foreground : cell.style.background
        looks[state.observation.fate(at: row * 26 + column), default: []].insert(color)
      }
    }
    #expect(looks.values.allSatisfy { $0.count == 1 })
    #expect(Set(looks.values).count == 4)
  }

  @Test func theCursorTellsWhenItsCellDies() throws {
    var state = try Fixture.state()
    let place = state.cursor
    let layout = state.observation.siteLayout
    let u = state.observation.field.uniform(
      at: layout.offset(n: 0, c: 0, y: place.row, x: place.column), in: layout)
    let dies = Int((u * 100).rounded(.down)) + 1
    #expect(state.frame().row(22).contains("dropped from p .\(dies)"))
    _ = state.perform([.setRate(hundredths: dies)])
    #expect(state.frame().row(22).contains("0 dropped"))
    _ = state.perform([.setRate(hundredths: dies - 1)])
    #expect(state.frame().row(22).contains("1 kept"))
  }

  @Test func aDroppedChannelIsStruckOut() throws {
    var state = try Fixture.state(kind: "spatial")
    _ = state.perform([.setRate(hundredths: 100)])
    #expect(state.frame().row(16) == "channels  0 ×    1 ×")
    _ = state.perform([.setRate(hundredths: 0)])
    #expect(state.frame().row(16) == "channels  0      1")
  }
}
