import Masks
import Studies
public import TerminalUI

/// Kind, rate and what was really dropped, counted, with the band it lies in nineteen times of twenty.
public struct RatePanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let setting = state.setting
    let glyphs = state.theme.glyphs
    let numbers = RatePanel.numbers(state)
    var x = TextLine(RatePanel.kind(state)).draw(in: rect, of: &buffer, glyphs: glyphs)
    if let gauge = RatePanel.gauge(from: x, beside: numbers, in: rect) {
      Gauge(setting.rate.p, filled: Style(Palette.killed, on: Palette.background))
        .draw(in: gauge, of: &buffer, glyphs: glyphs)
      x = gauge.right + 1
    }
    TextLine(numbers).draw(
      in: Rect(x: x, y: rect.y, width: rect.right - x, height: 1), of: &buffer, glyphs: glyphs)
  }

  private static func numbers(_ state: State) -> [TextLine.Span] {
    let (setting, observation) = (state.setting, state.observation)
    let (realised, band) = (observation.realised, observation.law.band)
    return [
      .init(
        NumberText.probability(setting.rate.p), Style(Palette.text, on: Palette.background, .bold)),
      .init("  keep \(NumberText.probability(setting.rate.keep))", .dim),
      .init("  dropped ", .dim),
      .init("\(realised.dropped)/\(realised.of)", .text),
      .init(
        " = \(RatePanel.share(realised.rate))"
          + " in \(RatePanel.share(band.lowerBound))–\(RatePanel.share(band.upperBound))", .dim),
    ]
  }

  /// The kind, and whose setting it is while two are compared.
  private static func kind(_ state: State) -> [TextLine.Span] {
    let side = state.comparison.map {
      [TextLine.Span(" \($0.side.rawValue) ", .badge(Palette.accent))]
    }
    return (side ?? []) + [
      state.setting.isPlaced
        ? .init(" \(state.observation.kind) ", .badge(Palette.killed))
        : .init(" none selected ", .badge(Palette.wastedText)),
      .init(" p ", .text),
    ]
  }

  /// Where the slider stands; nil without room.
  private static func gauge(from x: Int, beside numbers: [TextLine.Span], in rect: Rect) -> Rect? {
    let room = rect.right - x - numbers.reduce(1) { $0 + $1.width }
    return room < 8 ? nil : Rect(x: x, y: rect.y, width: min(22, room), height: rect.height)
  }

  /// The rate that a place of the slider stands for; nil beside it.
  static func hundredths(atX x: Int, y: Int, in rect: Rect, _ state: State) -> Int? {
    let start = rect.x + kind(state).reduce(0) { $0 + $1.width }
    guard let gauge = gauge(from: start, beside: numbers(state), in: rect),
      gauge.contains(x: x, y: y), gauge.width > 2
    else { return nil }
    // Its ends are brackets.
    let share = Double(x - gauge.x - 1) / Double(gauge.width - 3)
    return Int((min(1, max(0, share)) * 100).rounded())
  }

  /// A share of cells with three digits, or as `0` and `1`.
  private static func share(_ share: Double) -> String {
    let text = NumberText.fixed(share, 3)
    return text == "0.000" ? "0" : text == "1.000" ? "1" : text.withoutLeadingZero
  }
}
