public import TerminalUI

/// The palette as a box over whatever is seen: the line typed, and what fits it.
public struct FinderPanel: Panel {
  private let finder: Finder

  /// The palette.
  public init(_ finder: Finder) { self.finder = finder }

  /// Where it stands on a screen: on the first lines, as high as what fits needs.
  private static func frame(_ count: Int, in rect: Rect) -> OverlayFrame {
    let height = min(rect.height - 2, 18, max(2, count + 1))
    let top = rect.splitTop(1).rest.splitTop(height + 2).top
    return OverlayFrame(
      title: "everything", width: min(76, max(20, rect.width - 8)), height: height, in: top)
  }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let items = finder.items(state)
    let frame = FinderPanel.frame(items.count, in: rect)
    frame.draw(of: &buffer, state.theme)
    guard !frame.inside.isEmpty else { return }
    let glyphs = state.theme.glyphs
    let (line, list) = frame.inside.splitTop(1)
    let count = "\(items.isEmpty ? 0 : finder.selected + 1) of \(items.count)"
    TextLine(
      [.init("> ", .title), .init(finder.text, .text), .init(" ", .badge(Palette.cursor))],
      right: [.init(count, .dim)]
    ).draw(in: line, of: &buffer, glyphs: glyphs)
    let first = finder.first(of: items.count, in: list.height)
    for (row, index) in (first..<min(items.count, first + list.height)).enumerated() {
      let style = index == finder.selected ? Style.badge(Palette.accent) : .text
      let own = Rect(x: list.x, y: list.y + row, width: list.width, height: 1)
      TextLine(
        [.init("  " + items[index].title, style)],
        right: [.init("  \(items[index].keys) ", index == finder.selected ? style : .title)],
        fill: style
      ).draw(in: own, of: &buffer, glyphs: glyphs)
    }
    if items.isEmpty {
      TextLine([.init("  nothing is called so", .dim)])
        .draw(in: list.splitTop(1).top, of: &buffer, glyphs: glyphs)
    }
  }

  /// The line at a place of the screen; nil beside the list.
  func item(atX x: Int, y: Int, in rect: Rect, _ state: State) -> Int? {
    let count = finder.items(state).count
    let list = FinderPanel.frame(count, in: rect).inside.splitTop(1).rest
    guard list.contains(x: x, y: y) else { return nil }
    let index = finder.first(of: count, in: list.height) + y - list.y
    return index < count ? index : nil
  }
}

extension Finder {
  /// The first line seen, of so many, where there is room for `rows`.
  fileprivate func first(of count: Int, in rows: Int) -> Int {
    ListRows.first(showing: selected, of: count, in: rows)
  }
}
