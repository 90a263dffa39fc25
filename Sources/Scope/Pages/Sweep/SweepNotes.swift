public import Studies

/// What may be said of a sweep, and its numbers as text.
public enum SweepNotes {
  /// The best setting, and those between which the sweep does not decide.
  public static func best(_ report: SweepReport) -> [String] {
    let summary = report.summary
    guard let best = summary.best else { return [] }
    let near = summary.withinOneError.filter { $0 != best }.map(report.name(of:))
    return [
      "best: \(report.name(of: best)): \(percent(summary.settings[best].heldOut)) held out"
    ] + (near.isEmpty ? [] : ["within one standard error: \(near.joined(separator: "; "))"])
  }

  /// How much the score rises or falls along the only axis of numbers; nil where there is none.
  public static func slope(_ report: SweepReport) -> String? {
    guard let slope = report.summary.slope, let name = report.summary.parameters.first else {
      return nil
    }
    // A tenth is a step of rates, and nothing to speak of where values are counts.
    let values = report.summary.settings.compactMap { $0.values.first??.number }
    let isShare = (values.max() ?? 0) - (values.min() ?? 0) <= 1
    return "slope: \(RaceVerdict.points(isShare ? slope / 10 : slope)) points per "
      + "+\(isShare ? ".1" : "1") of \(name)"
  }

  /// `92.40 %`
  static func percent(_ share: Double?) -> String {
    share.map { NumberText.fixed($0 * 100, 2) + " %" } ?? "-"
  }

  /// A score as a column has it: `92.40`, `+7.10`, `0.231`.
  static func text(_ value: Double?, _ score: SweepScore) -> String {
    guard let value else { return "-" }
    if score == .gap { return RaceVerdict.points(value) }
    return score.isShare ? NumberText.fixed(value * 100, 2) : NumberText.value(Float(value))
  }

  /// What a column of a score is called: `held out %`.
  static func heading(_ score: SweepScore) -> String {
    score == .gap ? "gap, points" : score.isShare ? "\(score.name) %" : score.name
  }
}
