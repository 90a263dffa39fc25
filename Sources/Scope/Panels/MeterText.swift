import Insight
import Masks
import Studies
import TensorCore
import TerminalUI

/// A meter as the screen writes it: a number with its name, a shorter name for narrow screens, and what it
/// says.
struct MeterText {
  let word: String
  let short: String
  let value: String
  /// A few words that follow the value.
  let meaning: String

  init(_ word: String, short: String? = nil, _ value: String, _ meaning: String) {
    (self.word, self.short, self.value, self.meaning) = (word, short ?? word, value, meaning)
  }

  /// The value of a meter that is not a number.
  static let unknown = "?"

  /// The meters of a state, the most telling first: of its dropout or, while two settings are compared,
  /// of what lies between the two.
  static func all(_ state: State) -> [MeterText] {
    state.comparison == nil ? ofDropout(state) : ofComparison(state)
  }

  private static func ofDropout(_ state: State) -> [MeterText] {
    let (seen, glyphs) = (state.observation, state.theme.glyphs)
    let waste = seen.meters.waste
    // What a cell of NaN or Inf, before or after, leaves without a value.
    let isKnown = waste.notFinite == 0 && seen.meters.moments.after.mean.isFinite
    var all: [MeterText] = []
    if waste.notFinite > 0 {
      all.append(
        MeterText(
          "NaN or Inf", short: "NaN", "\(waste.notFinite)", "cells, so that no sum is a number"))
    } else if !isKnown {
      let count = seen.dropped.elements.count { !$0.isFinite }
      all.append(MeterText("overflow", "\(count)", "cells that scaling took beyond float32"))
    }
    for meter in Meter.all where meter.applies(seen) {
      guard let meaning = meter.meaning else { continue }
      let value = meter.value(seen).flatMap { text($0, meter.unit, glyphs) }
      let none = isKnown && meter.unit != .removed ? glyphs.minus : unknown
      all.append(MeterText(meter.name, short: meter.short, value ?? none, meaning))
    }
    return all
  }

  /// A number in its unit; nil where it is none.
  private static func text(_ value: Double, _ unit: Meter.Unit, _ glyphs: Glyphs) -> String? {
    guard value.isFinite else { return nil }
    switch unit {
    case .share: return NumberText.percent(value)
    case .removed: return glyphs.minus + NumberText.percent(value)
    case .nearlyAll: return CostText.nearlyAll(value)
    case .score:
      let text = NumberText.fixed(abs(value), 2).withoutLeadingZero
      return value < 0 ? glyphs.minus + text : text
    case .ratio: return "\(glyphs.times)\(NumberText.fixed(value, abs(value) < 100 ? 2 : 0))"
    case .power: return NumberText.value(Float(value))
    }
  }

  private static func ofComparison(_ state: State) -> [MeterText] {
    guard let difference = state.comparison?.difference else { return [] }
    let glyphs = state.theme.glyphs
    func percent(_ share: Double) -> String { NumberText.fixed(share * 100, 1) + "%" }
    let changed =
      difference.changed.map { "\($0.cells)/\($0.of) = \(percent($0.share))" } ?? "other site"
    var meters = [
      MeterText("changed", changed, "of the masks"),
      MeterText(
        "mean |B\(glyphs.minus)A|", short: "|B\(glyphs.minus)A|",
        NumberText.value(Float(difference.meanSize)), "over the layer"),
    ]
    if difference.notFinite > 0 {
      meters.append(MeterText("NaN or Inf", "\(difference.notFinite)", "left out of the mean"))
    }
    if let coupled = difference.coupled {
      meters.append(MeterText("coupled", percent(coupled), "expected, one mask"))
    }
    if let anew = difference.anew {
      meters.append(MeterText("resampled", short: "anew", percent(anew), "expected, two masks"))
    }
    for side in [Comparison.Side.a, .b] {
      guard let realised = state.compared(side)?.observation.realised else { continue }
      let share = NumberText.fixed(realised.rate, 3).withoutLeadingZero
      meters.append(
        MeterText(side.rawValue, "\(realised.dropped)/\(realised.of) = \(share)", "dropped"))
    }
    return meters
  }
}
