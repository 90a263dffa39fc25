import Masks
public import TerminalUI

/// Kind, rate and what was really dropped, counted.
public struct RatePanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let setting = state.setting
    let glyphs = state.theme.glyphs
    var x = TextLine([.init(" \(setting.kind) ", .badge(Palette.killed)), .init(" p ", .text)])
      .draw(in: rect, of: &buffer, glyphs: glyphs)
    let gauge = min(22, rect.width - 58)
    if gauge >= 8 {
      let room = Rect(x: x, y: rect.y, width: gauge, height: rect.height)
      Gauge(setting.rate.p, filled: Style(Palette.killed, on: Palette.background))
        .draw(in: room, of: &buffer, glyphs: glyphs)
      x = room.right + 1
    }
    let realised = state.observation.realised
    let band = 1.96 * realised.deviation(at: setting.rate)
    TextLine([
      .init(
        NumberText.probability(setting.rate.p), Style(Palette.text, on: Palette.background, .bold)),
      .init("  keep \(NumberText.probability(setting.rate.keep))", .dim),
      .init("  dropped ", .dim),
      .init("\(realised.dropped)/\(realised.of)", .text),
      .init(
        " = \(NumberText.fixed(realised.rate, 3).withoutLeadingZero)"
          + " \(glyphs.plusMinus)\(NumberText.fixed(band, 3).withoutLeadingZero)", .dim),
    ]).draw(
      in: Rect(x: x, y: rect.y, width: rect.right - x, height: 1), of: &buffer, glyphs: glyphs)
  }
}

extension String {
  /// `0.500` as `.500`.
  var withoutLeadingZero: String { hasPrefix("0.") ? String(dropFirst()) : self }
}
