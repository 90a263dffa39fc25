import Studies
import TerminalUI

/// A sweep as a picture: curves over one parameter, a heat map over two.
struct SweepChart {
  private let summary: SweepSummary
  private let head: SweepFolder.Head
  private let background = Palette.background

  init(_ summary: SweepSummary, _ head: SweepFolder.Head) {
    (self.summary, self.head) = (summary, head)
  }

  /// A picture of its own.
  func picture(width: Int = 100, height: Int = 30) -> Buffer {
    let plain = Style(Palette.text, on: background)
    var buffer = Buffer(width: width, height: height, filledWith: Cell(" ", plain))
    let inner = Rect(x: 1, y: 1, width: width - 2, height: height - 2)
    let notes = SweepText(summary, head).best
    let (titleLine, below) = inner.splitTop(2)
    let (body, noteLines) = below.splitTop(max(0, below.height - notes.count - 1))
    let bold = Style(Palette.text, on: background, .bold)
    buffer.write(
      head.title ?? "sweep", x: titleLine.x, y: titleLine.y, style: bold, limit: inner.right)
    if grid != nil { drawHeatMap(in: body, of: &buffer) } else { drawCurves(in: body, of: &buffer) }
    for (index, note) in notes.enumerated() {
      buffer.write(
        note, x: noteLines.x, y: noteLines.y + 1 + index, style: plain, limit: inner.right)
    }
    return buffer
  }

  /// The held-out accuracy with its interval, and the clean accuracy on what was trained on; settings lie
  /// along the axis in the plan's order.
  private func drawCurves(in rect: Rect, of buffer: inout Buffer) {
    let settings = summary.settings
    func percents(_ value: (SweepSummary.Setting) -> Double?) -> [Double] {
      // An interval may reach beyond what a share can be.
      settings.map { value($0).map { min(1, max(0, $0)) * 100 } ?? .nan }
    }
    let dim = Palette.dim
    var chart = LineChart(
      "accuracy %",
      [
        LineChart.Series("95 % interval", percents { $0.interval?.first }, color: dim, mark: "."),
        LineChart.Series("to", percents { $0.interval?.last }, color: dim, mark: "."),
        LineChart.Series(
          "clean", percents(\.training), color: TrainingCurves.training, mark: "*"),
        LineChart.Series(
          "held out", percents(\.heldOut), color: TrainingCurves.heldOut, mark: "o"),
      ].filter { $0.values.contains(where: \.isFinite) }, background: background
    ) { TrainingText.fixed($0, 2) }
    let text = SweepText(summary, head)
    if !settings.isEmpty {
      chart.ends = (text.name(0), text.name(settings.count - 1))
    }
    chart.draw(in: rect, of: &buffer, glyphs: .unicode)
  }

  /// The values of two parameters of which every combination was run, and the score of each.
  private var grid: (rows: [RunValue], columns: [RunValue], scores: [[Double?]])? {
    guard summary.parameters.count == 2 else { return nil }
    var (rows, columns): ([RunValue], [RunValue]) = ([], [])
    var scores: [[RunValue]: Double] = [:]
    for setting in summary.settings {
      guard let row = setting.values[0], let column = setting.values[1] else { return nil }
      if !rows.contains(row) { rows.append(row) }
      if !columns.contains(column) { columns.append(column) }
      scores[[row, column]] = setting.heldOut
    }
    guard rows.count > 1, columns.count > 1 else { return nil }
    return (rows, columns, rows.map { row in columns.map { scores[[row, $0]] } })
  }

  private func drawHeatMap(in rect: Rect, of buffer: inout Buffer) {
    guard let grid else { return }
    let (plain, dim) = (Style(Palette.text, on: background), Style(Palette.dim, on: background))
    let known = grid.scores.flatMap { $0 }.compactMap { $0 }
    guard let low = known.min(), let high = known.max() else { return }
    let names = grid.rows.map(\.description)
    let margin = (names.map(\.count).max() ?? 0) + 2
    let width = max(7, (grid.columns.map(\.description.count).max() ?? 0) + 2)
    buffer.write(
      "\(summary.parameters[0]) down, \(summary.parameters[1]) across, held out %", x: rect.x,
      y: rect.y, style: dim, limit: rect.right)
    for (index, column) in grid.columns.enumerated() {
      buffer.write(
        "\(column)", x: rect.x + margin + index * width + 1, y: rect.y + 1, style: plain,
        limit: rect.right)
    }
    for (row, scores) in grid.scores.enumerated() where rect.y + 2 + row < rect.bottom {
      let y = rect.y + 2 + row
      buffer.write(names[row], x: rect.x, y: y, style: plain, limit: rect.x + margin)
      for (column, score) in scores.enumerated() {
        let x = rect.x + margin + column * width
        guard let score, x + width <= rect.right else { continue }
        let share = high > low ? (score - low) / (high - low) : 1
        let color = Ramp.viridis.color(at: Float(share))
        let ink = Style(share > 0.6 ? Palette.background : Palette.text, on: color)
        for cell in x..<x + width { buffer[cell, y] = Cell(" ", ink) }
        buffer.write(
          TrainingText.fixed(score * 100, 2), x: x + 1, y: y, style: ink, limit: rect.right)
      }
    }
  }
}
