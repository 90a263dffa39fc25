import Insight
import Masks
import TensorCore
public import TerminalUI

/// What dropout took away and what it did, the most telling first. Meters that have no room are left
/// out from the right, after their words were shortened.
public struct MetersPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let meters = MetersPanel.meters(state)
    let long = meters.map { [TextLine.Span("\($0.word) ", .dim), .init($0.value, .text)] }
    let short = meters.map { [TextLine.Span("\($0.short) ", .dim), .init($0.value, .text)] }
    let gap = "  "
    func width(_ items: [[TextLine.Span]]) -> Int {
      // One column at the left, none after the last.
      items.joined().reduce(1) { $0 + $1.width } + gap.count * max(0, items.count - 1)
    }
    var shown = width(long) <= rect.width ? long : short
    while shown.count > 1, width(shown) > rect.width { shown.removeLast() }
    let spans = shown.enumerated().flatMap { [TextLine.Span($0 == 0 ? " " : gap, .dim)] + $1 }
    TextLine(spans).draw(in: rect, of: &buffer, glyphs: state.theme.glyphs)
  }

  private struct Meter {
    let word: String
    let short: String
    let value: String

    init(_ word: String, short: String? = nil, _ value: String) {
      (self.word, self.short, self.value) = (word, short ?? word, value)
    }
  }

  private static func meters(_ state: State) -> [Meter] {
    let (meters, glyphs) = (state.observation.meters, state.theme.glyphs)
    let waste = meters.waste
    func share(_ value: Double?) -> String {
      guard let value else { return glyphs.minus }
      let text = NumberText.fixed(abs(value), 2).withoutLeadingZero
      return value < 0 ? glyphs.minus + text : text
    }
    func ratio(_ value: Double?) -> String {
      value.map { "\(glyphs.times)\(NumberText.fixed($0, abs($0) < 100 ? 2 : 0))" } ?? glyphs.minus
    }
    return [
      Meter("wasted", NumberText.percent(waste.wasted)),
      Meter("mass", "\(glyphs.minus)\(NumberText.percent(waste.massRemoved))"),
      Meter("recoverable", short: "recover", share(meters.recoverability.value)),
      Meter("autocorr", share(meters.autocorrelation)),
      Meter("mean", ratio(meters.moments.mean)),
      Meter("variance", short: "var", ratio(meters.moments.variance)),
    ]
      + (meters.pooled.map { [Meter("pooled mean", short: "pooled", ratio($0.mean))] } ?? [])
      + [Meter("energy", "\(glyphs.minus)\(NumberText.percent(waste.energyRemoved))")]
  }
}
