import Studies
import TerminalUI

/// The trainings of a race as rows, with one chart of what each loses on images held out: for more of them
/// than have room beside each other.
struct RaceList {
  private let race: RaceWork
  private let marked: Int

  init(_ race: RaceWork, marked: Int) { (self.race, self.marked) = (race, marked) }

  private static let headings = ["held out", "gap", "zeros", "|corr|", "dead"]

  func draw(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    let glyphs = theme.glyphs
    let variants = race.job.variants.indices
    let room = max(1, min(variants.count, rect.height - (rect.height > 9 ? 6 : 1)))
    let first = ListRows.first(showing: marked, of: variants.count, in: room)
    let (heading, rows) = rect.splitTop(1)
    let columns = self.columns(width: rect.width)
    TextLine([
      .init(String(repeating: " ", count: 4) + "dropout".padded(to: columns.name), .dim),
      .init(
        RaceList.headings.prefix(columns.count).map { $0.aligned(to: RaceList.width) }.joined(),
        .dim),
    ]).draw(in: heading, of: &buffer, glyphs: glyphs)
    for (line, variant) in variants.dropFirst(first).prefix(room).enumerated() {
      let own = Rect(x: rows.x, y: rows.y + line, width: rows.width, height: 1)
      draw(variant, columns, in: own, of: &buffer, glyphs)
    }
    let chart = rows.splitTop(room).rest
    guard chart.height > 4 else { return }
    self.chart.draw(in: chart, of: &buffer, glyphs: glyphs)
  }

  /// Columns of a number.
  private static let width = 9

  /// How many numbers have room, and the columns that are left for dropouts.
  private func columns(width: Int) -> (count: Int, name: Int) {
    let count = max(1, min(RaceList.headings.count, (width - 4 - 20) / RaceList.width))
    return (count, max(4, width - 4 - count * RaceList.width - 1))
  }

  private func draw(
    _ variant: Int, _ columns: (count: Int, name: Int), in line: Rect, of buffer: inout Buffer,
    _ glyphs: Glyphs
  ) {
    let color = Palette.several[variant % Palette.several.count]
    let isMarked = variant == marked
    let trace = TrainingTrace(race, variant)
    let name =
      TrainingWords.dropouts(
        race.job.variants[variant].changes, before: trace.segments.first?.before)
      + TrainingWords.segments(trace.segments, glyphs).map(\.text).joined()
    let short = NameText.shortened([name], to: columns.name, glyphs)[0]
    TextLine([
      .init(
        " \(RacePanel.letter(variant)) ",
        isMarked ? .badge(color) : Style(color, on: Palette.background)),
      .init(" " + short.padded(to: columns.name), .text),
      .init(
        numbers(trace.records.last, glyphs).prefix(columns.count)
          .map { $0.aligned(to: RaceList.width) }.joined(), .text),
    ]).draw(in: line, of: &buffer, glyphs: glyphs)
  }

  private func numbers(_ record: EpochRecord?, _ glyphs: Glyphs) -> [String] {
    guard let record else { return [glyphs.minus] }
    let (heldOut, clean) = (record.heldOutAccuracy, record.undroppedAccuracy)
    let layer = record.layers?.last
    func share(_ value: Double?) -> String {
      value.map { NumberText.fixed($0, 2).withoutLeadingZero } ?? glyphs.minus
    }
    return [
      heldOut.map(TrainingWords.percent) ?? glyphs.minus,
      heldOut.flatMap { heldOut in clean.map { TrainingWords.gap($0, heldOut, glyphs) } }
        ?? glyphs.minus,
      share(layer?.zeros), share(layer?.correlation),
      layer.map { "\($0.dead)/\($0.units)" } ?? glyphs.minus,
    ]
  }

  /// The marked one lies on top of the others.
  private var chart: LineChart {
    let order = race.job.variants.indices.filter { $0 != marked } + [marked]
    let traces = race.job.variants.indices.map { TrainingTrace(race, $0) }
    var chart = LineChart(
      "held-out loss",
      order.map { variant in
        let letter = RacePanel.letter(variant)
        return .init(
          letter, traces[variant].values(\.heldOutLoss),
          color: Palette.several[variant % Palette.several.count],
          mark: letter.unicodeScalars.first ?? "*")
      }, unit: "epoch "
    ) { NumberText.value(Float($0)) }
    let losses = traces.flatMap(\.records).compactMap(\.heldOutLoss).filter(\.isFinite)
    chart.limits = 0...max(1e-6, losses.max() ?? 1)
    chart.marks = traces[marked].segments.byEpoch.map { $0.epoch - 1 }
    return chart
  }
}
