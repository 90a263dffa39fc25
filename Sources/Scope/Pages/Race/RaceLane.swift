import Studies
import TerminalUI

/// One of the trainings of a race in a column: its name and dropouts, curves, and numbers.
struct RaceLane {
  private let race: RaceWork
  private let variant: Int
  private let isMarked: Bool
  private let limits: ClosedRange<Double>
  private let trace: TrainingTrace

  init(_ race: RaceWork, _ variant: Int, isMarked: Bool, limits: ClosedRange<Double>) {
    (self.race, self.variant, self.isMarked, self.limits) = (race, variant, isMarked, limits)
    trace = TrainingTrace(race, variant)
  }

  func draw(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    let glyphs = theme.glyphs
    let numbers = self.numbers(glyphs, width: rect.width)
    let shown = min(numbers.count, max(1, rect.height - 6))
    let (name, rest) = rect.splitTop(1)
    TextLine(
      [
        .init(" \(RacePanel.letter(variant)) ", isMarked ? .badge(Palette.accent) : .dim),
        .init(" "),
        .init(
          TrainingWords.dropouts(
            race.job.variants[variant].changes, before: trace.segments.first?.before), .text),
      ] + TrainingWords.segments(trace.segments, glyphs)
    ).draw(in: name, of: &buffer, glyphs: glyphs)
    let (chart, below) = rest.splitTop(min(max(16, rest.width / 2), rest.height - shown))
    trace.lossChart(rect.width < 44 ? "" : "loss", limits: limits)
      .draw(in: chart, of: &buffer, glyphs: glyphs)
    for (spans, line) in zip(numbers, below.rows) {
      TextLine(spans).draw(in: line, of: &buffer, glyphs: glyphs)
    }
  }

  private func numbers(_ glyphs: Glyphs, width: Int) -> [[TextLine.Span]] {
    guard let last = trace.records.last else { return [[.init("no epoch is over yet", .dim)]] }
    var lines: [[TextLine.Span]] = []
    if let share = last.heldOutAccuracy {
      let room = max(0, width - 17)
      let filled = Int((share * Double(room)).rounded(.down))
      lines.append([
        .init("held out ", .dim), .init(TrainingWords.percent(share).aligned(to: 6), .text),
        .init(" "), .init(String(repeating: glyphs.isUnicode ? "━" : "=", count: filled), .title),
      ])
      if let clean = last.undroppedAccuracy {
        lines.append([
          .init("clean    ", .dim), .init(TrainingWords.percent(clean).aligned(to: 6), .text),
          .init("  gap ", .dim), .init(TrainingWords.gap(clean, share, glyphs), .text),
        ])
      }
    }
    if let layer = last.layers?.last {
      let correlation = layer.correlation.map { NumberText.fixed($0, 2).withoutLeadingZero }
      lines.append([
        .init("zeros ", .dim),
        .init(NumberText.fixed(layer.zeros, 2).withoutLeadingZero, .text),
        .init("  |corr| ", .dim), .init(correlation ?? glyphs.minus, .text),
        .init("  dead ", .dim), .init("\(layer.dead)/\(layer.units)", .text),
        .init("  at \(layer.layer)", .dim),
      ])
    }
    if let weights = last.weights?.last {
      var spans: [TextLine.Span] = [
        .init("|w| ", .dim), .init(NumberText.fixed(weights.mean, 2), .text),
        .init("  largest ", .dim), .init(NumberText.fixed(weights.largest, 2), .text),
      ]
      if let limit = weights.limit {
        spans.append(.init("  bound \(NumberText.plain(limit))", .dim))
      }
      lines.append(spans)
    }
    return lines
  }
}
