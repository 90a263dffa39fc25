import Masks
public import Studies

/// Two settings of one layer side by side. `State.setting` is the one in focus, which keys change;
/// the other waits here.
public struct Comparison: Sendable {
  /// Which of the two.
  public enum Side: String, Hashable, Sendable {
    /// The one on the left, which was there first.
    case a = "A"
    /// The one on the right.
    case b = "B"

    var other: Side { self == .a ? .b : .a }
  }

  /// The side that keys act on.
  public internal(set) var side: Side
  /// The setting of the other side; of the same layer.
  public internal(set) var other: Setting
  /// What that leads to; behind `other` between an update and `settle`.
  public internal(set) var observation: Observation
  /// The setting that was observed.
  var observed: Setting
  /// What lies between the two; nil until they were observed.
  public internal(set) var difference: Difference?
}

extension State {
  /// What each side leads to, with its setting; nil while nothing is compared.
  public func compared(_ side: Comparison.Side) -> (setting: Setting, observation: Observation)? {
    guard let comparison else { return nil }
    return side == comparison.side
      ? (setting, observation) : (comparison.other, comparison.observation)
  }

  /// Begins with B as a copy of what is shown and in focus; ends with the side in focus.
  mutating func toggleComparison() {
    if comparison == nil {
      startComparison(side: .b, other: setting)
      focus = .mask
      message = "B begins as A; keys change the side in focus, Tab goes to the other"
    } else {
      endComparison()
    }
  }

  mutating func endComparison() {
    comparison = nil
    focus = .result
  }

  /// Starts with what is observed on both sides; `settle` observes what differs.
  mutating func startComparison(side: Comparison.Side, other: Setting) {
    comparison = Comparison(
      side: side, other: other, observation: observation, observed: observed)
    isStale = true
  }

  /// Puts the other side in focus; what was observed goes along with it.
  mutating func focus(on side: Comparison.Side) {
    guard var comparison, comparison.side != side else { return }
    swap(&setting, &comparison.other)
    swap(&observation, &comparison.observation)
    swap(&observed, &comparison.observed)
    comparison.side = side
    self.comparison = comparison
  }

  /// Computes what lies between the two sides.
  mutating func compare() {
    guard let a = compared(.a), let b = compared(.b) else { return }
    let difference = Difference(
      from: (a.setting, experiment.site(of: a.setting), a.observation),
      to: (b.setting, experiment.site(of: b.setting), b.observation))
    comparison?.difference = difference
  }
}
