import Insight
import Masks
import NeuralNet
import Studies
import TensorCore
public import TerminalUI

/// Every site that dropout was walked to, a row each with what was measured there; the column they are
/// sorted by is marked, and what it says stands below.
public struct PlacementPanel: Panel {
  private let mark: ListMark

  /// The table with its marked row.
  public init(_ mark: ListMark) { self.mark = mark }

  /// Headings, rows, and three lines on the marked one.
  static func parts(of inside: Rect) -> (headings: Rect, list: Rect, footer: Rect) {
    PanelPage.table(in: inside, footer: 3)
  }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let page = PanelPage(.placement, in: rect)
    page.draw(title(state), of: &buffer, state.theme)
    let table = PlacementLines(state, width: page.inside.width)
    let parts = PlacementPanel.parts(of: page.inside)
    table.drawHeadings(in: parts.headings, of: &buffer)
    guard let rows = Page.placement.rows?.fitting(state, mark) else { return }
    let entries = state.placementTable.sorted
    for (row, line) in rows.lines(in: page.list) {
      table.draw(entries[row], isMarked: row == rows.marked, in: line, of: &buffer)
    }
    drawFooter(state, rows.marked.map { entries[$0] }, in: parts.footer, of: &buffer)
  }

  private func title(_ state: State) -> [TextLine.Span] {
    let entries = state.placementTable.entries
    let open = entries.filter { !$0.work.isOver }
    let candidates = state.experiment.sites.map(\.value)
    let measured = Set(entries.map(\.placed.site))
    let others = measured.subtracting(candidates).count
    let more = others == 0 ? "" : " and \(others) other\(others == 1 ? "" : "s")"
    var spans: [TextLine.Span] = [
      .init("\(measured.count - others) of \(candidates.count) sites\(more)", .text),
      .init(", \(state.masks) masks each", .dim),
    ]
    if let current = open.first {
      spans.append(
        .init(
          "  measuring \(state.experiment.name(of: current.placed.site)) "
            + "\(current.work.count)/\(current.work.goal)", .title))
    }
    return spans
  }

  /// Where the marked row lies, what the marked column says, and what all of it is of.
  private func drawFooter(
    _ state: State, _ entry: PlacementTable.Entry?, in rect: Rect, of buffer: inout Buffer
  ) {
    var lines: [[TextLine.Span]] = []
    if let entry {
      let places = entry.row?.site.places.map(\.rawValue).joined(separator: ", ") ?? ""
      var spans: [TextLine.Span] = [
        .init(state.experiment.name(of: entry.placed.site), .text),
        .init(places.isEmpty ? "" : ": \(places)", .dim),
      ]
      if let flips = entry.row?.flips, flips.total > 0 {
        spans.append(
          .init("  changed \(flips.count)/\(flips.total) in \(ShareText.interval(flips))", .dim))
      }
      if let problem = entry.work.problem { spans = [.init(problem, .text)] }
      lines.append(spans)
    }
    let column = state.placementTable.column.map { PlacementColumns.columns[$0] }
    lines.append([
      .init("by ", .dim), .init(column?.heading ?? "order", .title),
      .init(": \(column?.meaning ?? "the order in which they were measured")", .dim),
    ])
    lines.append([.init("each dropout by itself, in training; the model's own inactive", .dim)])
    for (spans, line) in zip(lines, rect.rows) {
      TextLine(spans).draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    }
  }
}

/// The rows of the table in columns.
private struct PlacementLines {
  private let state: State
  private let nameWidth, kindWidth: Int
  private let columns: [(index: Int, width: Int)]

  init(_ state: State, width: Int) {
    self.state = state
    let entries = state.placementTable.entries
    let names = entries.map { state.experiment.name(of: $0.placed.site).unicodeScalars.count }
    nameWidth = min(max(4, names.max() ?? 4), max(6, width / 5))
    kindWidth = min(entries.reduce(7) { max($0, PlacementLines.kind($1).count) }, 16)
    var room = width - nameWidth - kindWidth - 2
    var columns: [(index: Int, width: Int)] = []
    for (index, column) in PlacementColumns.columns.enumerated() {
      let own = max(7, column.heading.count + 1)
      // The first that have room; the one they are sorted by always has.
      guard own <= room else { break }
      columns.append((index, own))
      room -= own
    }
    if let sorted = state.placementTable.column, !columns.contains(where: { $0.index == sorted }),
      !columns.isEmpty
    {
      columns[columns.count - 1] = (sorted, columns[columns.count - 1].width)
    }
    self.columns = columns
  }

  private static func kind(_ entry: PlacementTable.Entry) -> String {
    "\(entry.placed.kind) \(NumberText.probability(entry.placed.rate.p))"
  }

  func drawHeadings(in line: Rect, of buffer: inout Buffer) {
    var spans: [TextLine.Span] = [
      .init(fit("site", nameWidth) + "  " + fit("dropout", kindWidth), heading(nil))
    ]
    for (index, width) in columns {
      spans.append(
        .init(PlacementColumns.columns[index].heading.aligned(to: width), heading(index)))
    }
    TextLine(spans).draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
  }

  private func heading(_ index: Int?) -> Style {
    state.placementTable.column == index ? .title : .dim
  }

  func draw(_ entry: PlacementTable.Entry, isMarked: Bool, in line: Rect, of buffer: inout Buffer) {
    let style = isMarked ? Style.badge(Palette.accent) : .text
    let name = state.experiment.name(of: entry.placed.site)
    var spans: [TextLine.Span] = [
      .init(fit(name, nameWidth) + "  ", style),
      .init(fit(PlacementLines.kind(entry), kindWidth), isMarked ? style : .dim),
    ]
    for (index, width) in columns {
      let text = entry.row.map { PlacementLines.text(index, $0) } ?? ""
      spans.append(
        .init((text.isEmpty ? state.theme.glyphs.minus : text).aligned(to: width), style))
    }
    let end = TextLine(spans, fill: style).draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    drawBar(entry, style, from: end + 2, to: line.right - 1, y: line.y, of: &buffer)
  }

  /// How many masks turn the class, as long as there is room beside the numbers for all of them.
  private func drawBar(
    _ entry: PlacementTable.Entry, _ style: Style, from start: Int, to end: Int, y: Int,
    of buffer: inout Buffer
  ) {
    let room = min(end - start, 40)
    guard room >= 8, columns.count == PlacementColumns.columns.count, let flips = entry.row?.flips,
      flips.total > 0
    else { return }
    let bar = Cell(SpectrumChart.bar(state.theme.glyphs), style)
    for column in 0..<SpectrumChart.cells(flips.value, of: room) {
      buffer[start + column, y] = bar
    }
  }

  /// Ratios with a factor's two digits, shares with three.
  private static func text(_ index: Int, _ row: PlacementRow) -> String {
    let column = PlacementColumns.columns[index]
    guard let value = column.value(row) else { return "" }
    return column.isShare ? ShareText.probability(value) : "×" + NumberText.short(Float(value))
  }

  private func fit(_ text: String, _ width: Int) -> String {
    NameText.shortened([text], to: width, state.theme.glyphs)[0].padded(to: width)
  }
}
