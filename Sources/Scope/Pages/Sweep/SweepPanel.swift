import Insight
import Studies
public import TerminalUI

/// What a sweep came to: a score by its parameters with intervals over seeds, what may be said of it, and
/// the settings as rows.
public struct SweepPanel: Panel {
  private let mark: ListMark

  /// The panel with its marked row.
  public init(_ mark: ListMark) { self.mark = mark }

  /// The drawing, the headings, the rows, and what may be said.
  static func parts(of inside: Rect) -> (drawing: Rect, headings: Rect, list: Rect, notes: Rect) {
    let notes = inside.height >= 16 ? 3 : inside.height >= 8 ? 2 : 0
    let (above, below) = inside.splitTop(inside.height - notes)
    let (drawing, table) = above.splitTop(above.height >= 11 ? above.height * 3 / 5 : 0)
    let (headings, list) = table.splitTop(1)
    return (drawing, headings, list, below)
  }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let page = PanelPage(.sweep, in: rect)
    let glyphs = state.theme.glyphs
    guard let sweep = state.sweep, let rows = Page.sweep.rows?.fitting(state, mark) else {
      page.draw([.init("no sweep is open", .dim)], of: &buffer, state.theme)
      return SweepPanel.howTo.draw(in: page.inside, of: &buffer, glyphs)
    }
    let report = sweep.report
    page.draw(
      [.init(report.title ?? sweep.source.name, .text)], right: SweepPanel.progress(report),
      of: &buffer, state.theme)
    let parts = SweepPanel.parts(of: page.inside)
    SweepDrawing(sweep, rows.rows, marked: rows.marked)
      .draw(in: parts.drawing, of: &buffer, state.theme)
    let table = SweepRows(sweep, width: page.inside.width)
    table.drawHeadings(in: parts.headings, of: &buffer, glyphs)
    for (row, line) in rows.lines(in: parts.list) {
      table.draw(row, isMarked: row == rows.marked, in: line, of: &buffer, glyphs)
    }
    drawNotes(report, in: parts.notes, of: &buffer, glyphs)
  }

  private static func progress(_ report: SweepReport) -> [TextLine.Span] {
    let found = report.table.rows.count
    let missing = report.lines - found
    let text = "\(NumberText.grouped(found)) of \(NumberText.grouped(report.lines)) runs"
    let diverged = report.summary.settings.reduce(0) { $0 + $1.diverged }
    return [.init(text, missing > 0 ? .title : .text)]
      + (diverged > 0 ? [.init(", \(diverged) diverged", .dim)] : [])
      + [.init(missing > 0 ? ", \(NumberText.grouped(missing)) to come " : " ", .dim)]
  }

  private func drawNotes(
    _ report: SweepReport, in rect: Rect, of buffer: inout Buffer, _ glyphs: Glyphs
  ) {
    var notes = SweepNotes.best(report)
    if let slope = SweepNotes.slope(report) { notes.insert(slope, at: min(1, notes.count)) }
    if notes.isEmpty { notes = ["no run is finished yet: dropscope sweep run"] }
    let words = notes.flatMap { $0.wrapped(to: max(1, rect.width)) }
    for (note, line) in zip(words, rect.rows) {
      TextLine([.init(note, .text)]).draw(in: line, of: &buffer, glyphs: glyphs)
    }
  }

  /// What makes one, where none is open.
  private static let howTo = HowTo(
    "many trainings that differ in what a plan says, brought together",
    [
      ("dropscope sweep plan rates -o rates", "a line a run"),
      ("dropscope sweep run rates", "trains them"),
      ("dropscope sweep show rates", "opens them here"),
    ])
}
