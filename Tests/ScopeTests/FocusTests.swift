import Masks
import Scope
import Studies
import TerminalUI
import Testing

@Suite struct FocusTests {
  private func press(_ keys: InputEvent..., on state: inout State) {
    for key in keys { if let action = state.action(for: key) { _ = state.perform([action]) } }
  }

  @Test func tabGoesThroughThePanelsSeen() throws {
    var state = try Fixture.state()
    var seen: [State.Focus] = []
    for _ in 0..<5 {
      seen.append(state.focus)
      press(.key(.tab), on: &state)
    }
    // At 80×24 the input stands among the channels.
    #expect(seen == [.clean, .mask, .result, .channels, .meters])
    #expect(state.focus == .clean)
    press(.key(.backTab), on: &state)
    #expect(state.focus == .meters)
  }

  @Test func theTitleInFocusIsUnderlined() throws {
    var state = try Fixture.state()
    func underlined() -> String {
      let frame = state.frame()
      let cells = (0..<frame.height).flatMap { y in (0..<frame.width).map { x in frame[x, y] } }
      let scalars = cells.filter { $0.style.attributes.contains(.underline) }.map(\.glyph)
      return String(String.UnicodeScalarView(scalars))
    }
    var titles: [String] = []
    for _ in 0..<4 {
      titles.append(underlined())
      press(.key(.tab), on: &state)
    }
    #expect(titles == ["clean", "mask", "after dropout", "channels"])
    #expect(underlined().hasPrefix("was zero"))
  }

  @Test func enlargedThenSmallAgain() throws {
    var state = try Fixture.state()
    let small = state.frame()
    press(.key(.tab), "e", on: &state)
    #expect(state.isEnlarged)
    let layout = try #require(ScreenLayout(state))
    #expect(layout.maps.map(\.isEmpty) == [true, false, true])
    #expect(layout.maps[1].width == 80)
    press("+", on: &state)
    #expect(state.setting.rate.p == 0.55)
    press("-", "e", .key(.backTab), on: &state)
    #expect(state.frame() == small)
    press("e", "?", .key(.escape), on: &state)
    #expect(state.isEnlarged && state.overlay == nil)
    press(.key(.escape), on: &state)
    #expect(!state.isEnlarged)
  }

  /// The cell under a press is the one whose colour is drawn there, at every size and scale.
  @Test(arguments: [
    (80, 24, true), (120, 40, true), (200, 60, true), (40, 12, true), (80, 24, false),
    (120, 40, false), (200, 60, false), (240, 120, false), (24, 8, true), (24, 8, false),
  ])
  func pressesLandOnTheCellDrawnThere(width: Int, height: Int, hasColor: Bool) throws {
    let theme = hasColor ? Theme() : Theme(glyphs: .ascii, hasColor: false)
    var state = try Fixture.state(width: width, height: height, theme: theme)
    press(.key(.tab), "e", on: &state)
    let rect = try #require(ScreenLayout(state)?.maps[1])
    var checked = 0
    for (x, y) in [(0, 1), (3, 2), (7, 3), (rect.width / 4, rect.height / 2)] {
      let place = (x: rect.x + x, y: rect.y + y)
      guard
        case .placeCursor(let row, let column)? = state.action(
          for: .mouse(.press, x: place.x, y: place.y))
      else { continue }
      let offset = try #require(state.plane.offset(y: row, x: column))
      // The cell under the cursor is drawn in the cursor's colour.
      guard state.cursor != State.Cursor(row: row, column: column) else { continue }
      expect(state.frame()[place.x, place.y], shows: state.observation.fate(at: offset), theme)
      checked += 1
    }
    #expect(checked > 0)
  }

  private func expect(_ cell: Cell, shows fate: Fate, _ theme: Theme) {
    let colors: [Fate: Color] = [
      .live: Palette.kept, .zero: Palette.zero, .killed: Palette.killed, .wasted: Palette.wasted,
    ]
    let glyphs: [Fate: Unicode.Scalar] = [.live: "#", .zero: " ", .killed: "x", .wasted: "~"]
    // Marks of the map's edges stand over cells.
    if ["<", ">", "^", "v", "◂", "▸", "▴", "▾"].contains(cell.glyph) { return }
    if theme.hasColor {
      let shown = [cell.style.foreground, cell.style.background]
      #expect(shown.contains(colors[fate]!), "\(fate) \(cell)")
    } else {
      #expect(cell.glyph == glyphs[fate]!, "\(fate)")
    }
  }

  @Test func enlargedCellsAreTwoColumnsWideAtLeast() throws {
    for theme in [Theme(), Theme(glyphs: .ascii, hasColor: false)] {
      var state = try Fixture.state(theme: theme)
      press(.key(.tab), "e", on: &state)
      let frame = state.frame()
      // Equal neighbours from an even column on, whatever the fates.
      for y in 3..<18 {
        for x in stride(from: 0, to: 52, by: 2)
        where !"◂▸▴▾<>^v".contains(Character(frame[x, y].glyph)) {
          // Two corners of the cell under the cursor.
          if theme.hasColor, frame[x, y] != frame[x + 1, y],
            [frame[x, y], frame[x + 1, y]].contains(where: {
              [$0.style.foreground, $0.style.background].contains(Palette.cursor)
                || [$0.style.foreground, $0.style.background].contains(Palette.onAccent)
            })
          {
            continue
          }
          let isMark = "◂▸▴▾<>^v".contains(Character(frame[x + 1, y].glyph))
          #expect(isMark || frame[x, y] == frame[x + 1, y])
        }
      }
    }
  }

  @Test func everyPanelCanBeEnlargedAtEverySize() throws {
    for (width, height) in [(24, 8), (40, 12), (80, 24), (200, 60)] {
      var state = try Fixture.state(width: width, height: height)
      press("e", on: &state)
      var seen: Set<State.Focus> = []
      for _ in State.Focus.allCases {
        seen.insert(state.focus)
        #expect(state.frame().width == width)
        press(.key(.tab), on: &state)
      }
      #expect(seen == Set(State.Focus.allCases))
    }
  }

  @Test func whileComparingTabEnlargedGoesThroughAllThree() throws {
    var state = try Fixture.state()
    press("c", "e", on: &state)
    #expect(state.focus == .mask && state.comparison?.side == .b)
    press(.key(.tab), on: &state)
    #expect(state.focus == .result && state.comparison?.side == .b)
    press(.key(.tab), on: &state)
    #expect(state.focus == .clean && state.comparison?.side == .a)
    press(.key(.backTab), .key(.escape), on: &state)
    // The difference takes no keys: they still act on A.
    #expect(!state.isEnlarged && state.comparison?.side == .a && state.focus == .clean)
    press(.key(.escape), on: &state)
    #expect(state.comparison == nil)
  }
}
