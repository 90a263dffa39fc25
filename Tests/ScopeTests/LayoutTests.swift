import Scope
import TerminalUI
import Testing

@Suite struct LayoutTests {
  private static let themes = [Theme(), Theme(glyphs: .ascii, hasColor: false)]

  private func parts(_ state: inout State, _ width: Int, _ height: Int) -> Set<ScreenLayout.Part>? {
    _ = state.perform([.resize(width: width, height: height)])
    return ScreenLayout(state).map { layout in
      // Maps at twice the size have taken the room of the input.
      layout.maps[0].width >= 52 ? layout.parts.union([.input]) : layout.parts
    }
  }

  /// What is there is always the end of the order, as far as it ever was there.
  private func expectOrder(
    _ order: [ScreenLayout.Part], _ steps: [Set<ScreenLayout.Part>], _ what: String
  ) {
    let ever = steps.reduce(Set()) { $0.union($1) }
    let order = order.filter { ever.contains($0) }
    var before = order.count
    for parts in steps {
      let shown = order.filter { parts.contains($0) }
      #expect(shown == Array(order.suffix(shown.count)), "\(what): \(parts)")
      #expect(shown.count <= before, "\(what): \(parts) came back")
      before = shown.count
    }
  }

  @Test(arguments: themes)
  func rowsAreGivenUpInOrder(theme: Theme) throws {
    var state = try Fixture.state(theme: theme)
    for width in [24, 40, 80, 119, 120, 150, 170, 200, 500] {
      let steps = stride(from: 200, through: 8, by: -1).compactMap { parts(&state, width, $0) }
      #expect(steps.count == 193)
      expectOrder(ScreenLayout.Part.lowering, steps, "width \(width)")
    }
  }

  @Test(arguments: themes)
  func columnsAreGivenUpInOrder(theme: Theme) throws {
    var state = try Fixture.state(theme: theme)
    for height in [8, 10, 11, 20, 24, 30, 40, 60] {
      let steps = stride(from: 300, through: 24, by: -1).compactMap { parts(&state, $0, height) }
      #expect(steps.count == 277)
      expectOrder(ScreenLayout.Part.narrowing, steps, "height \(height)")
    }
  }

  @Test func everyPartIsThereAndAllGo() throws {
    var state = try Fixture.state()
    #expect(parts(&state, 200, 60) == Set(ScreenLayout.Part.allCases))
    #expect(ScreenLayout(state)?.input != nil)
    #expect(parts(&state, 80, 24) == [.tabs, .channels, .meters, .cell])
    #expect(parts(&state, 24, 8) == [])
    #expect(parts(&state, 24, 7) == nil)
    #expect(parts(&state, 23, 8) == nil)
    let lines = state.frame().text.split(separator: "\n", omittingEmptySubsequences: true)
    #expect(lines == ["needs 24x8, has 23x8; q"])
    #expect(state.action(for: "q") == .quit)
  }

  /// No panel lies over another or beyond the screen.
  @Test func panelsDoNotOverlap() throws {
    for theme in Self.themes {
      var state = try Fixture.state(theme: theme)
      for width in [24, 40, 80, 110, 120, 150, 200] {
        for height in [8, 10, 11, 12, 18, 24, 30, 40, 60] {
          _ = state.perform([.resize(width: width, height: height)])
          for _ in 0..<12 {
            let layout = try #require(ScreenLayout(state))
            let optional = [layout.input, layout.channels, layout.meters, layout.cell]
            let rects =
              (layout.maps + [layout.header, layout.rate, layout.hints] + optional.compactMap { $0 })
              .filter { !$0.isEmpty }
            for (i, one) in rects.enumerated() {
              #expect(one.intersection(Rect(width: width, height: height)) == one)
              for other in rects[(i + 1)...] { #expect(one.intersection(other).isEmpty) }
            }
            _ = state.perform([.changeFocus(by: 1), .toggleEnlarged])
          }
        }
      }
    }
  }
}
