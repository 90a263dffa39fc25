import Studies

/// What a sweep says, as text and as CSV.
struct SweepText {
  private let summary: SweepSummary
  private let head: SweepFolder.Head

  init(_ summary: SweepSummary, _ head: SweepFolder.Head) {
    (self.summary, self.head) = (summary, head)
  }

  /// The parameters that are shown: where every listed run has a name, that says the others.
  private var shown: [Int] {
    let runs = head.plan.runs
    let isNamed = runs.allSatisfy { $0["name"] != nil }
    return summary.parameters.indices.filter { place in
      let key = summary.parameters[place]
      return !isNamed || key == "name" || !runs.contains { $0[key] != nil }
    }
  }

  /// A row a setting: the mean over seeds, its 95 % interval, the gap.
  var lines: [String] {
    let hasMasks = summary.settings.contains { $0.monteCarlo != nil }
    let heading =
      shown.map { summary.parameters[$0] } + ["seeds", "held out", "95 % interval", "clean", "gap"]
      + (hasMasks ? ["masks"] : []) + [""]
    let rows = summary.settings.enumerated().map { place, setting in
      shown.map { setting.values[$0]?.description ?? "" }
        + [
          "\(setting.seeds)", percent(setting.heldOut), interval(setting),
          percent(setting.training),
        ]
        + [setting.gap.map(RaceVerdict.points) ?? "-"]
        + (hasMasks ? [percent(setting.monteCarlo)] : [])
        + [mark(place)]
    }
    let title = [head.title, head.claim].compactMap { $0 }
    return title + AlignedText.lines([heading] + rows, rightFrom: shown.count) + notes
  }

  /// The best setting, and those between which the sweep does not decide.
  var best: [String] {
    guard let best = summary.best else { return [] }
    let near = summary.withinOneError.filter { $0 != best }.map { name($0) }
    return ["best: \(name(best)): \(percent(summary.settings[best].heldOut)) held out"]
      + (near.isEmpty ? [] : ["within one standard error: \(near.joined(separator: "; "))"])
  }

  private var notes: [String] {
    var notes = best
    if let slope = summary.slope, let name = summary.parameters.first {
      // A tenth is a step of rates, and nothing to speak of where values are counts.
      let values = summary.settings.compactMap { $0.values.first??.number }
      let isShare = (values.max() ?? 0) - (values.min() ?? 0) <= 1
      notes.append(
        "slope: \(RaceVerdict.points(isShare ? slope / 10 : slope)) points per "
          + "+\(isShare ? ".1" : "1") of \(name)")
    }
    return notes
  }

  /// The same as CSV, shares as they are.
  var csv: String {
    var text =
      (summary.parameters + [
        "seeds", "diverged", "held_out_accuracy", "interval_low", "interval_high",
        "standard_error", "training_accuracy", "gap", "monte_carlo_accuracy",
      ]).map(SweepText.quoted).joined(separator: ",") + "\n"
    for setting in summary.settings {
      let numbers = [
        setting.heldOut, setting.interval?.first, setting.interval?.last, setting.errorOfMean,
        setting.training, setting.gap, setting.monteCarlo,
      ]
      let cells =
        setting.values.map { SweepText.quoted($0?.description ?? "") }
        + ["\(setting.seeds)", "\(setting.diverged)"] + numbers.map { $0.map { "\($0)" } ?? "" }
      text += cells.joined(separator: ",") + "\n"
    }
    return text
  }

  /// `rate dropout1 0.3, l2 0`
  func name(_ place: Int) -> String {
    let values = summary.settings[place].values
    let named = shown.compactMap { column in
      values[column].map { value in
        summary.parameters[column] == "name" ? "\(value)" : "\(summary.parameters[column]) \(value)"
      }
    }
    return named.isEmpty ? "the only setting" : named.joined(separator: ", ")
  }

  private func mark(_ place: Int) -> String {
    place == summary.best ? "best" : summary.withinOneError.contains(place) ? "near" : ""
  }

  private func percent(_ share: Double?) -> String { share.map(TrainingText.percent) ?? "-" }

  private func interval(_ setting: SweepSummary.Setting) -> String {
    guard let interval = setting.interval else { return "-" }
    return interval.map { TrainingText.fixed($0 * 100, 2) }.joined(separator: " to ")
  }

  private static func quoted(_ text: String) -> String { SweepTable.quoted(text) }
}
