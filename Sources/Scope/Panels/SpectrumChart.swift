import Glibc
import TerminalUI

/// Rows of a chart over a logarithmic scale: a bar for the clean power, a mark for the dropped, a
/// line for the floor, and the numbers beside them where there is room.
struct SpectrumChart {
  static let clean = Style.title
  static let dropped = Style(Palette.killed, on: Palette.background, .bold)
  static let floor = Style(Palette.warning, on: Palette.background)

  private let floor: Double
  /// The decades at the left and right end.
  private let low, high: Int
  private let labelWidth: Int
  private let hasNumbers: Bool
  private static let numberWidth = 9
  /// What lies further below the largest power is rounding, not signal.
  private static let mostDecades = 8

  init(_ rows: [SpectrumRow], floor: Double, width: Int) {
    self.floor = floor
    let powers = (rows.flatMap { [$0.clean, $0.dropped] } + [floor]).filter {
      $0 > 0 && $0.isFinite
    }
    high = Int(log10(powers.max() ?? 1).rounded(.up))
    let least = Int(log10(powers.min() ?? 1).rounded(.down))
    low = min(high - 1, max(least, high - SpectrumChart.mostDecades))
    labelWidth = (rows.map { $0.label.count }.max() ?? 1) + 1
    hasNumbers = width >= 50
  }

  /// What a bar is made of.
  static func bar(_ glyphs: Glyphs) -> Unicode.Scalar { glyphs.isUnicode ? "━" : "=" }

  /// The cells of a bar that stands for a share of so many columns: one at least where there is any.
  static func cells(_ share: Double, of columns: Int) -> Int {
    share > 0 && columns > 0 ? max(1, Int((share * Double(columns)).rounded())) : 0
  }

  /// The powers of ten at both ends, and what the numbers are.
  func drawScale(in line: Rect, of buffer: inout Buffer, _ theme: Theme) {
    let plot = plot(line)
    buffer.write("f", x: line.x, y: line.y, style: .dim, limit: plot.x)
    let (left, right) = ("1e\(low)", "1e\(high)")
    buffer.write(left, x: plot.x, y: line.y, style: .dim, limit: plot.right)
    if plot.width >= left.count + right.count + 1 {
      buffer.write(right, x: plot.right - right.count, y: line.y, style: .dim, limit: plot.right)
    }
    drawNumbers(["clean", "dropped"], styles: [.dim, .dim], in: line, of: &buffer)
  }

  func draw(_ row: SpectrumRow, in line: Rect, of buffer: inout Buffer, _ theme: Theme) {
    let plot = plot(line)
    buffer.write(row.label, x: line.x, y: line.y, style: .dim, limit: plot.x)
    let glyphs = theme.glyphs
    if let end = column(row.clean, in: plot) {
      for x in plot.x...end {
        buffer[x, line.y] = Cell(SpectrumChart.bar(glyphs), SpectrumChart.clean)
      }
    }
    if let x = column(floor, in: plot) {
      buffer[x, line.y] = Cell(glyphs.vertical, SpectrumChart.floor)
    }
    if let x = column(row.dropped, in: plot) {
      buffer[x, line.y] = Cell(glyphs.killed, SpectrumChart.dropped)
    }
    drawNumbers(
      [row.clean, row.dropped].map { NumberText.value(Float($0)) }, styles: [.title, .text],
      in: line, of: &buffer)
  }

  private func drawNumbers(
    _ texts: [String], styles: [Style], in line: Rect, of buffer: inout Buffer
  ) {
    guard hasNumbers else { return }
    for (index, text) in texts.enumerated() {
      let right = line.right - (texts.count - 1 - index) * SpectrumChart.numberWidth
      let x = max(right - text.unicodeScalars.count, right - SpectrumChart.numberWidth + 1)
      buffer.write(text, x: x, y: line.y, style: styles[index], limit: right)
    }
  }

  /// Where the chart itself stands in a line.
  private func plot(_ line: Rect) -> Rect {
    let taken = labelWidth + (hasNumbers ? 2 * SpectrumChart.numberWidth : 0)
    return Rect(
      x: line.x + labelWidth, y: line.y, width: line.width - taken, height: line.height)
  }

  /// The column of a power; nil for none and for what lies below the scale.
  private func column(_ power: Double, in plot: Rect) -> Int? {
    guard power > 0, power.isFinite, plot.width > 0 else { return nil }
    let place = (log10(power) - Double(low)) / Double(high - low)
    guard place >= 0 else { return nil }
    return plot.x + Int((min(1, place) * Double(plot.width - 1)).rounded())
  }
}
