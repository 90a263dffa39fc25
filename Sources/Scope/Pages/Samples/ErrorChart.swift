import Glibc
import Insight
import TerminalUI

/// The error of the mean map over T = 1, 2, 4, … on logarithmic scales, beside the line that falls as
/// 1/√T from the same start.
struct ErrorChart {
  private let errors: [(count: Int, error: Double)]

  init(_ ensemble: Ensemble) { errors = ensemble.errors.filter { $0.error > 0 } }

  func draw(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    guard let first = errors.first, errors.count > 1 else { return }
    let measured = errors.map { log10($0.error) }
    let expected = errors.map {
      log10(first.error) - 0.5 * log10(Double($0.count) / Double(first.count))
    }
    let name = theme.glyphs.isUnicode ? "1/√T" : "1/sqrt T"
    var chart = LineChart(
      "error of the mean map",
      [
        .init(name, expected, color: Palette.dim, mark: "."),
        .init("measured", measured, color: Palette.killed, mark: "*"),
      ]
    ) { NumberText.short(Float(pow(10, $0))) }
    chart.ends = ("T = \(first.count)", NumberText.grouped(errors.last?.count ?? 0))
    chart.draw(in: rect, of: &buffer, glyphs: theme.glyphs)
  }
}
