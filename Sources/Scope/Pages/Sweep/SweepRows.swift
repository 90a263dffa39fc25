import Insight
import Studies
import TerminalUI

/// The settings of a sweep in columns.
struct SweepRows {
  private let sweep: SweepView
  private let width: Int
  /// Whether seeds, intervals and gaps have room.
  private var isWide: Bool { width >= 64 }

  init(_ sweep: SweepView, width: Int) { (self.sweep, self.width) = (sweep, width) }

  private var nameWidth: Int { max(4, width - (isWide ? 44 : 18)) }

  func drawHeadings(in line: Rect, of buffer: inout Buffer, _ glyphs: Glyphs) {
    let score = SweepNotes.heading(sweep.score)
    let short = score.unicodeScalars.count > 12 ? "score" : score
    let text =
      " setting".padded(to: nameWidth)
      + (isWide ? "seeds".aligned(to: 6) : "") + short.aligned(to: 12)
      + (isWide ? "95 % interval".aligned(to: 19) : "")
    TextLine([.init(text, .dim)]).draw(in: line, of: &buffer, glyphs: glyphs)
  }

  func draw(
    _ setting: Int, isMarked: Bool, in line: Rect, of buffer: inout Buffer, _ glyphs: Glyphs
  ) {
    let report = sweep.report
    let style = isMarked ? Style.badge(Palette.accent) : .text
    let found = report.interval(sweep.score, of: setting)
    let interval =
      found?.interval.map { interval in
        [interval.lowerBound, interval.upperBound].map { SweepNotes.text($0, sweep.score) }
          .joined(separator: glyphs.isUnicode ? " – " : " to ")
      } ?? "-"
    let name = NameText.shortened([" " + report.name(of: setting)], to: nameWidth - 1, glyphs)[0]
    let summary = report.summary
    let word =
      setting == summary.best ? "best" : summary.withinOneError.contains(setting) ? "near" : ""
    TextLine(
      [
        .init(name.padded(to: nameWidth), style),
        .init(isWide ? "\(found?.count ?? 0)".aligned(to: 6) : "", isMarked ? style : .dim),
        .init(SweepNotes.text(found?.mean, sweep.score).aligned(to: 12), style),
        .init(isWide ? interval.aligned(to: 19) : "", isMarked ? style : .dim),
        .init("  \(word)", isMarked ? style : .title),
      ], fill: style
    ).draw(in: line, of: &buffer, glyphs: glyphs)
  }
}
