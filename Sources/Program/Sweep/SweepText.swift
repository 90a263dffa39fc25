import Scope
import Studies

/// What a sweep says: as text, and as a file.
struct SweepText {
  private let report: SweepReport
  private var summary: SweepSummary { report.summary }

  init(_ report: SweepReport) { self.report = report }

  /// A row a setting: the mean over seeds, its 95 % interval, the gap.
  var lines: [String] {
    let hasMasks = summary.settings.contains { $0.monteCarlo != nil }
    let heading =
      report.shown.map { summary.parameters[$0] } + [
        "seeds", "held out", "95 % interval", "clean", "gap",
      ]
      + (hasMasks ? ["masks"] : []) + [""]
    let rows = summary.settings.enumerated().map { place, setting in
      report.shown.map { setting.values[$0]?.description ?? "" }
        + [
          "\(setting.seeds)", percent(setting.heldOut), interval(setting),
          percent(setting.training),
        ]
        + [setting.gap.map(RaceVerdict.points) ?? "-"]
        + (hasMasks ? [percent(setting.monteCarlo)] : [])
        + [mark(place)]
    }
    let title = [report.title, report.claim].compactMap { $0 }
    return title + AlignedText.lines([heading] + rows, rightFrom: report.shown.count)
      + SweepNotes.best(report) + [SweepNotes.slope(report)].compactMap { $0 }
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

  /// Writes it as CSV, JSON or a picture, by the name's end; `-` is standard output, as JSON.
  /// - Throws: `Failure` for another name, `FormatError` where it cannot be written.
  func write(to path: String, from source: SweepSource) throws {
    let kind = try OutputKind(
      path, among: [.csv, .json] + OutputKind.frames, standardOutput: .json)
    let bytes =
      switch kind {
      case .json: try JSONFile.bytes(summary)
      case .csv: Array(csv.utf8)
      default: try kind.bytes(of: SweepDrawing.picture(report, from: source))
      }
    try OutputKind.write(bytes, to: path)
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
