import Insight
import Masks
import Studies
import TensorCore
public import TerminalUI

/// Kind, rate and what was really dropped, counted, with the band it lies in nineteen times of twenty;
/// of several dropouts those of the selected one.
public struct RatePanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let setting = state.setting
    let glyphs = state.theme.glyphs
    var x = TextLine(RatePanel.kind(state)).draw(in: rect, of: &buffer, glyphs: glyphs)
    let place = RatePanel.place(from: x, state, in: rect)
    if let gauge = place.gauge {
      Gauge(setting.rate.p, filled: Style(Palette.killed, on: Palette.background))
        .draw(in: gauge, of: &buffer, glyphs: glyphs)
      x = gauge.right + 1
    }
    let words = setting.mode == .eval ? RatePanel.evaluation(state) : place.counted
    TextLine(RatePanel.rate(state) + words).draw(
      in: Rect(x: x, y: rect.y, width: rect.right - x, height: 1), of: &buffer, glyphs: glyphs)
  }

  /// The rate, and what is kept by it.
  private static func rate(_ state: State) -> [TextLine.Span] {
    let rate = state.setting.rate
    return [
      .init(NumberText.probability(rate.p), Style(Palette.text, on: Palette.background, .bold)),
      .init("  keep \(NumberText.probability(rate.keep))", .dim),
    ]
  }

  /// What evaluation does in place of dropping.
  private static func evaluation(_ state: State) -> [TextLine.Span] {
    let scale = Double(state.observation.transfer.scale)
    let factor =
      scale == 1 || !state.setting.isPlaced
      ? "" : ", \(state.theme.glyphs.times)\(NumberText.plain(scale))"
    return [.init("  evaluation: none dropped\(factor)", .text)]
  }

  /// What was counted over the mask, from the longest form to the shortest: of noise its spread, of a
  /// painted mask its count, of all others the band in which chance puts it beside.
  private static func counted(_ state: State) -> [[TextLine.Span]] {
    let (observation, rate) = (state.observation, state.setting.rate)
    if let noise = observation.mask.noise {
      let moments = Moments(noise)
      let texts = [
        NumberText.fixed(moments.mean, 3), NumberText.fixed(moments.variance.squareRoot(), 3),
      ]
      let nominal = NumberText.fixed((rate.p / max(1e-9, rate.keep)).squareRoot(), 3)
      return [
        [
          .init("  factors: mean ", .dim), .init(texts[0], .text), .init(" deviation ", .dim),
          .init(texts[1], .text), .init(" (\(nominal) by p)", .dim),
        ],
        [
          .init("  factors ", .dim),
          .init("\(texts[0]) \(state.theme.glyphs.plusMinus)\(texts[1])", .text),
        ],
      ]
    }
    let (realised, band) = (observation.realised, observation.law.band)
    let (count, of) = ("\(realised.dropped)", "\(realised.of)")
    let ends = "\(share(band.lowerBound))–\(share(band.upperBound))"
    let value = " = \(share(realised.rate))"
    // A band of no width says nothing that p does not.
    let tails =
      state.setting.kind == "manual"
      ? ["  as painted", ""]
      : band.lowerBound == band.upperBound ? [""] : [" (95 % \(ends))", " in \(ends)"]
    return tails.map { tail in
      [
        .init("  dropped ", .dim), .init("\(count)/\(of)", .text), .init(value + tail, .dim),
      ]
    }
  }

  /// Where the slider stands, nil without room, and the form of what was counted that goes beside it. The
  /// slider stays where it is whatever the mode.
  private static func place(
    from x: Int, _ state: State, in rect: Rect
  ) -> (gauge: Rect?, counted: [TextLine.Span]) {
    let (forms, widths) = (counted(state), widths(state))
    let whole = rect.right - x - 1 - rate(state).reduce(0) { $0 + $1.width }
    let index = widths.firstIndex { whole - $0 >= 12 } ?? widths.count - 1
    let form = forms[min(index, forms.count - 1)]
    let room = whole - widths[index]
    return room < 8
      ? (nil, form)
      : (Rect(x: x, y: rect.y, width: min(22, room), height: rect.height), form)
  }

  /// The columns that each form is given, whatever its numbers are now.
  private static func widths(_ state: State) -> [Int] {
    let observation = state.observation
    if observation.mask.noise != nil || observation.drawn is GaussianDropout {
      return [
        "  factors: mean 0.000 deviation 0.000 (0.000 by p)".count, "  factors 0.000 +-0.000".count,
      ]
    }
    let base = "  dropped / = .000".count + 2 * "\(observation.realised.of)".count
    return state.setting.kind == "manual"
      ? [base + "  as painted".count, base]
      : [base + " (95 % .000–.000)".count, base + " in .000–.000".count]
  }

  /// The kind, and whose setting it is while two are compared.
  private static func kind(_ state: State) -> [TextLine.Span] {
    let side = state.comparison.map {
      [TextLine.Span(" \($0.side.rawValue) ", .badge(Palette.accent))]
    }
    return (side ?? []) + [
      state.setting.isPlaced
        ? .init(" \(state.observation.kind)\(label(state)) ", .badge(Palette.killed))
        : .init(" none selected ", .badge(Palette.wastedText)),
      .init(" p ", .text),
    ]
  }

  /// Whose numbers these are, where there are several dropouts.
  private static func label(_ state: State) -> String {
    state.setting.others.isEmpty ? "" : " at \(state.site.name)"
  }

  /// The rate that a place of the slider stands for; nil beside it.
  static func hundredths(atX x: Int, y: Int, in rect: Rect, _ state: State) -> Int? {
    let start = rect.x + kind(state).reduce(0) { $0 + $1.width }
    guard let gauge = place(from: start, state, in: rect).gauge,
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
