import Insight
public import Studies
public import TerminalUI

/// A sweep as curves over one parameter, or as a heat map over two.
public struct SweepDrawing {
  private let sweep: SweepView
  /// The settings that are drawn, and the marked one.
  private let settings: [Int]
  private let marked: Int?

  /// Drawing of some settings.
  init(_ sweep: SweepView, _ settings: [Int], marked: Int?) {
    (self.sweep, self.settings, self.marked) = (sweep, settings, marked)
  }

  /// A picture of its own with all settings; over two parameters a heat map.
  public static func picture(
    _ report: SweepReport, from source: SweepSource, width: Int = 100, height: Int = 30
  ) -> Buffer {
    var sweep = SweepView(report, from: source)
    sweep.isHeatMap =
      report.axes.count == 2
      && report.axes.allSatisfy {
        report.values(of: $0).count > 1
      }
    // The first parameter of a plan goes down, as its grid does.
    if sweep.isHeatMap { sweep.axis = 1 }
    let plain = Style(Palette.text, on: Palette.background)
    var buffer = Buffer(width: width, height: height, filledWith: Cell(" ", plain))
    let inner = Rect(x: 1, y: 1, width: width - 2, height: height - 2)
    let notes = SweepNotes.best(report)
    let (titleLine, below) = inner.splitTop(2)
    let (body, noteLines) = below.splitTop(max(0, below.height - notes.count - 1))
    buffer.write(
      report.title ?? source.name, x: titleLine.x, y: titleLine.y,
      style: Style(Palette.text, on: Palette.background, .bold), limit: inner.right)
    SweepDrawing(sweep, Array(report.summary.settings.indices), marked: nil)
      .draw(in: body, of: &buffer, Theme())
    for (index, note) in notes.enumerated() {
      buffer.write(
        note, x: noteLines.x, y: noteLines.y + 1 + index, style: plain, limit: inner.right)
    }
    return buffer
  }

  func draw(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    if sweep.isHeatMap, sweep.otherParameter != nil {
      drawHeatMap(in: rect, of: &buffer, theme)
    } else {
      drawCurves(in: rect, of: &buffer, theme)
    }
  }

  private func label(_ value: RunValue?) -> String {
    guard let value else { return "own" }
    return value.number.map(NumberText.plain) ?? value.description
  }

  private func value(_ setting: Int, _ parameter: Int) -> RunValue? {
    sweep.report.summary.settings[setting].values[parameter]
  }

  private func drawCurves(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    let report = sweep.report
    let values = sweep.parameter.map(report.values(of:)) ?? [nil]
    var groups = sweep.groups(of: settings)
    var colors = groups.indices.map { Palette.several[$0 % Palette.several.count] }
    let names = groups.map { groups.count > 1 ? sweep.name(ofGroup: $0) : "" }
    var series = groups.indices.map { group in
      let points = values.map { value -> IntervalChart.Point? in
        guard
          let setting = groups[group].first(where: { setting in
            sweep.parameter.map { self.value(setting, $0) == value } ?? true
          }), let found = report.interval(sweep.score, of: setting)
        else { return nil }
        return IntervalChart.Point(found.mean, clamped(found.interval))
      }
      return IntervalChart.Series(names[group], points, color: colors[group])
    }
    if groups.count == 1, sweep.score == .heldOut, !series.isEmpty {
      (series, groups, colors) = withClean(series[0], groups, values)
    }
    // The group of the marked setting lies on top.
    if let place = groups.firstIndex(where: { group in marked.map(group.contains) ?? false }),
      place < series.count
    {
      series.append(series.remove(at: place))
    }
    let parameter = sweep.parameter.map { report.summary.parameters[$0] } ?? "the only setting"
    let (score, sweepScore) = (SweepNotes.heading(sweep.score), sweep.score)
    // Where settings differ in one parameter more, its values alone tell the curves apart.
    let other = report.axes.filter { $0 != sweep.parameter }
    let of = names.count > 1 && other.count == 1 ? ",  \(report.summary.parameters[other[0]]):" : ""
    let chart = IntervalChart(
      "\(score) by \(parameter)\(of)", series, labels: values.map(label),
      marked: marked.flatMap { marked in
        sweep.parameter.flatMap { parameter in
          values.firstIndex { $0 == value(marked, parameter) }
        }
      }
    ) { SweepNotes.text($0, sweepScore) }
    chart.draw(in: rect, of: &buffer, glyphs: theme.glyphs)
  }

  /// Beside a curve of what is held out, that of the images trained on: the gap is what lies between.
  private func withClean(
    _ series: IntervalChart.Series, _ groups: [[Int]], _ values: [RunValue?]
  ) -> ([IntervalChart.Series], [[Int]], [Color]) {
    var heldOut = series
    (heldOut.name, heldOut.color) = ("held out, 95 % interval over seeds", Palette.heldOut)
    let clean = values.map { value -> IntervalChart.Point? in
      let setting = groups[0].first { setting in
        sweep.parameter.map { self.value(setting, $0) == value } ?? true
      }
      return setting.flatMap { sweep.report.interval(.training, of: $0) }
        .map { IntervalChart.Point($0.mean) }
    }
    guard clean.contains(where: { $0 != nil }) else { return ([heldOut], groups, [heldOut.color]) }
    let trained = IntervalChart.Series("clean", clean, color: Palette.training)
    return ([trained, heldOut], [[], groups[0]], [trained.color, heldOut.color])
  }

  /// An interval may reach beyond what a share can be.
  private func clamped(_ interval: ClosedRange<Double>?) -> ClosedRange<Double>? {
    guard let interval, sweep.score != .gap, sweep.score.isShare else { return interval }
    return min(1, max(0, interval.lowerBound))...min(1, max(0, interval.upperBound))
  }

  private func drawHeatMap(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    guard let across = sweep.parameter, let down = sweep.otherParameter else { return }
    let report = sweep.report
    let (columns, rows) = (report.values(of: across), report.values(of: down))
    let like = marked ?? settings.first
    let seen = settings.filter { setting in like.map { sweep.shares(setting, with: $0) } ?? true }
    let cells = rows.map { row in
      columns.map { column -> Double? in
        seen.first { value($0, down) == row && value($0, across) == column }
          .flatMap { report.interval(sweep.score, of: $0)?.mean }
      }
    }
    let names = report.summary.parameters
    let score = sweep.score
    var map = HeatMap(
      "\(SweepNotes.heading(score)): \(names[down]) down, \(names[across]) across",
      rows: rows.map(label), columns: columns.map(label), cells
    ) { SweepNotes.text($0, score) }
    map.isReversed = score == .gap || score == .loss
    if let marked, let row = rows.firstIndex(where: { $0 == value(marked, down) }),
      let column = columns.firstIndex(where: { $0 == value(marked, across) })
    {
      map.marked = (row, column)
    }
    map.draw(in: rect, of: &buffer, glyphs: theme.glyphs, ramp: theme.ramp)
  }
}
