import Insight
import Masks
import Studies
import TensorCore
import TerminalUI

/// A number with its name, a shorter name for narrow screens, and what it says.
struct Meter {
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
  static func all(_ state: State) -> [Meter] {
    state.comparison == nil ? ofDropout(state) : ofComparison(state)
  }

  private static func ofDropout(_ state: State) -> [Meter] {
    let (meters, glyphs) = (state.observation.meters, state.theme.glyphs)
    let waste = meters.waste
    // What a cell of NaN or Inf, before or after, leaves without a value.
    let isKnown = waste.notFinite == 0 && meters.moments.after.mean.isFinite
    let none = isKnown ? glyphs.minus : Meter.unknown
    func share(_ value: Double?) -> String {
      guard let value, value.isFinite else { return none }
      let text = NumberText.fixed(abs(value), 2).withoutLeadingZero
      return value < 0 ? glyphs.minus + text : text
    }
    func ratio(_ value: Double?) -> String {
      guard let value, value.isFinite else { return none }
      return "\(glyphs.times)\(NumberText.fixed(value, abs(value) < 100 ? 2 : 0))"
    }
    func removed(_ share: Double) -> String {
      share.isFinite ? glyphs.minus + NumberText.percent(share) : Meter.unknown
    }
    var notFinite: [Meter] = []
    if waste.notFinite > 0 {
      notFinite = [
        Meter(
          "NaN or Inf", short: "NaN", "\(waste.notFinite)", "cells, so that no sum is a number")
      ]
    } else if !isKnown {
      let count = state.observation.dropped.elements.count { !$0.isFinite }
      notFinite = [Meter("overflow", "\(count)", "cells that scaling took beyond float32")]
    }
    return notFinite + [
      Meter(
        "already zero", short: "was zero", NumberText.percent(waste.wasted),
        "of the dropped cells"),
      Meter("L1", removed(waste.massRemoved), "of the sum of |x|"),
      Meter(
        "predictable", short: "predict", share(meters.recoverability.value),
        "from kept neighbours (R²)"),
      Meter(
        "autocorr", short: "auto", share(meters.autocorrelation), "of a cell with its neighbours"),
      Meter("mean", ratio(meters.moments.mean), "the mean before"),
      Meter("variance", short: "var", ratio(meters.moments.variance), "the variance before"),
      Meter("reused", CostText.saved(state.observation), "of the multiply-adds"),
    ]
      + (meters.pooled.map {
        [Meter("pooled mean", short: "pooled", ratio($0.mean), "behind the max-pool")]
      } ?? [])
      + [
        Meter("L2²", removed(waste.energyRemoved), "of the sum of squares")
      ]
  }

  private static func ofComparison(_ state: State) -> [Meter] {
    guard let difference = state.comparison?.difference else { return [] }
    let glyphs = state.theme.glyphs
    func percent(_ share: Double) -> String { NumberText.fixed(share * 100, 1) + "%" }
    let changed =
      difference.changed.map { "\($0.cells)/\($0.of) = \(percent($0.share))" } ?? "other site"
    var meters = [
      Meter("changed", changed, "of the masks"),
      Meter(
        "mean |B\(glyphs.minus)A|", short: "|B\(glyphs.minus)A|",
        NumberText.value(Float(difference.meanSize)), "over the layer"),
    ]
    if difference.notFinite > 0 {
      meters.append(Meter("NaN or Inf", "\(difference.notFinite)", "left out of the mean"))
    }
    if let coupled = difference.coupled {
      meters.append(Meter("coupled", percent(coupled), "expected, one mask"))
    }
    if let anew = difference.anew {
      meters.append(Meter("resampled", short: "anew", percent(anew), "expected, two masks"))
    }
    for side in [Comparison.Side.a, .b] {
      guard let realised = state.compared(side)?.observation.realised else { continue }
      let share = NumberText.fixed(realised.rate, 3).withoutLeadingZero
      meters.append(
        Meter(side.rawValue, "\(realised.dropped)/\(realised.of) = \(share)", "dropped"))
    }
    return meters
  }
}
