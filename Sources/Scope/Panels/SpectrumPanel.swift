import Insight
import Masks
import Studies
import TensorCore
public import TerminalUI

/// The site's power by frequency before and after dropout, a row for each frequency from slow to
/// fast, on a logarithmic scale, with the floor of white noise that dropping element by element
/// would add.
public struct SpectrumPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let spectra = state.observation.meters.spectra
    let sentence = SpectrumText.sentence(spectra, state)
    // Two borders, legend, scale and sentence take rows of their own.
    let room = rect.height - 4 - SpectrumText.rows
    let rows = SpectrumRow.rows(spectra, atMost: max(2, room))
    let frame = OverlayFrame(
      title: "power by frequency at \(state.site.name)", width: 74,
      height: rows.count + 2 + SpectrumText.rows, in: rect)
    guard !frame.inside.isEmpty else { return }
    frame.draw(of: &buffer, state.theme)
    var (line, rest) = frame.inside.splitTop(1)
    drawLegend(spectra, state, in: line, of: &buffer)
    (line, rest) = rest.splitTop(1)
    let chart = SpectrumChart(rows, floor: spectra.noiseFloor, width: rest.width)
    chart.drawScale(in: line, of: &buffer, state.theme)
    for row in rows where rest.height > SpectrumText.rows {
      (line, rest) = rest.splitTop(1)
      chart.draw(row, in: line, of: &buffer, state.theme)
    }
    for text in sentence.wrapped(to: rest.width).prefix(SpectrumText.rows) {
      (line, rest) = rest.splitTop(1)
      TextLine([.init(text, .text)]).draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    }
  }

  private func drawLegend(
    _ spectra: Spectra, _ state: State, in line: Rect, of buffer: inout Buffer
  ) {
    let glyphs = state.theme.glyphs
    let floor = NumberText.value(Float(spectra.noiseFloor))
    TextLine(
      [
        .init("\(SpectrumChart.bar(glyphs)) clean  ", SpectrumChart.clean),
        .init("\(glyphs.killed) dropped  ", SpectrumChart.dropped),
        .init("\(glyphs.vertical) floor of white noise \(floor)", SpectrumChart.floor),
      ],
      right: [
        .init("\(state.setting.kind) p \(NumberText.probability(state.setting.rate.p))", .dim)
      ]
    ).draw(in: line, of: &buffer, glyphs: glyphs)
  }
}

/// Neighbouring frequencies that share a row of the chart, and their mean power.
struct SpectrumRow {
  let bins: Range<Int>
  let clean: Double
  let dropped: Double

  /// `0`, `7` or `7-8`: waves across the map's longer side.
  var label: String {
    bins.count == 1 ? "\(bins.lowerBound)" : "\(bins.lowerBound)-\(bins.upperBound - 1)"
  }

  /// A row for each bin, or for groups of as many bins as makes them fit; the mean, bin 0, stays by
  /// itself. Bins without a frequency are left out.
  static func rows(_ spectra: Spectra, atMost limit: Int) -> [SpectrumRow] {
    let count = spectra.clean.power.count
    let each = max(1, (count - 1 + limit - 2) / max(1, limit - 1))
    let groups =
      [0..<min(1, count)]
      + stride(from: 1, to: count, by: each).map {
        $0..<min(count, $0 + each)
      }
    return groups.compactMap { bins in
      guard bins.contains(where: { spectra.clean.counts[$0] > 0 }) else { return nil }
      return SpectrumRow(
        bins: bins, clean: spectra.clean.mean(over: bins), dropped: spectra.dropped.mean(over: bins)
      )
    }
  }
}
