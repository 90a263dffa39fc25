import TerminalUI

/// The room between the header and the line of the rate: what a panel that takes the place of all
/// maps is drawn in, under a title of its own.
struct PanelPage {
  /// The room below the title.
  let inside: Rect
  private let area: Rect
  private let name: String

  /// The room of its rows; empty where it has none.
  let list: Rect

  /// A page over the screen, of which `rect` is all but the line of keys.
  init(_ page: Page, in rect: Rect) {
    name = page.title
    area = PanelPage.lines(of: rect).page
    let rest = area.splitTop(1).rest
    inside = Rect(x: rest.x + 1, y: rest.y, width: rest.width - 2, height: rest.height)
    list = page.rows?.area(inside) ?? Rect(width: 0, height: 0)
  }

  /// What a page takes of the screen, and the line of the rate below it.
  static func lines(of rect: Rect) -> (page: Rect, rate: Rect) {
    let below = rect.splitTop(1).rest
    let lines = below.splitTop(below.height - 1)
    return (lines.top, lines.rest)
  }

  /// Headings, rows, and so many lines on the marked one.
  static func table(
    in inside: Rect, footer rows: Int
  ) -> (headings: Rect, list: Rect, footer: Rect) {
    let (headings, rest) = inside.splitTop(1)
    let (list, footer) = rest.splitTop(max(0, rest.height - rows))
    return (headings, list, footer)
  }

  /// Clears the page and writes its title.
  func draw(
    _ title: [TextLine.Span], right: [TextLine.Span] = [], of buffer: inout Buffer, _ theme: Theme
  ) {
    buffer.fill(area, with: Cell(" ", .text))
    TextLine(
      [.init(" \(name) ", .badge(Palette.accent)), .init(" ")] + title, right: right
    ).draw(in: area.splitTop(1).top, of: &buffer, glyphs: theme.glyphs)
  }
}
