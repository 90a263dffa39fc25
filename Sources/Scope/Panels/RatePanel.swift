import Masks
public import TerminalUI

/// Kind, rate and what was really dropped, counted, with the band it lies in nineteen times of twenty.
public struct RatePanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let setting = state.setting
    let observation = state.observation
    let glyphs = state.theme.glyphs
    let (realised, band) = (observation.realised, observation.law.band)
    let numbers: [TextLine.Span] = [
      .init(
        NumberText.probability(setting.rate.p), Style(Palette.text, on: Palette.background, .bold)),
      .init("  keep \(NumberText.probability(setting.rate.keep))", .dim),
      .init("  dropped ", .dim),
      .init("\(realised.dropped)/\(realised.of)", .text),
      .init(
        " = \(RatePanel.share(realised.rate))"
          + " in \(RatePanel.share(band.lowerBound))–\(RatePanel.share(band.upperBound))", .dim),
    ]
    let side = state.comparison.map {
      [TextLine.Span(" \($0.side.rawValue) ", .badge(Palette.accent))]
    }
    var x = TextLine(
      (side ?? []) + [
        setting.isPlaced
          ? .init(" \(observation.kind) ", .badge(Palette.killed))
          : .init(" none in hand ", .badge(Palette.wastedText)),
        .init(" p ", .text),
      ]
    ).draw(in: rect, of: &buffer, glyphs: glyphs)
    let room = rect.right - x - numbers.reduce(1) { $0 + $1.width }
    if room >= 8 {
      let gauge = Rect(x: x, y: rect.y, width: min(22, room), height: rect.height)
      Gauge(setting.rate.p, filled: Style(Palette.killed, on: Palette.background))
        .draw(in: gauge, of: &buffer, glyphs: glyphs)
      x = gauge.right + 1
    }
    TextLine(numbers).draw(
      in: Rect(x: x, y: rect.y, width: rect.right - x, height: 1), of: &buffer, glyphs: glyphs)
  }

  /// A share of cells with three digits, or as `0` and `1`.
  private static func share(_ share: Double) -> String {
    let text = NumberText.fixed(share, 3)
    return text == "0.000" ? "0" : text == "1.000" ? "1" : text.withoutLeadingZero
  }
}
