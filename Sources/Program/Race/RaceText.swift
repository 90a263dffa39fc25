import Studies

/// What a race came to, as lines.
enum RaceText {
  /// A table of the variants, and the sentences.
  static func lines(_ report: RaceReport) -> [String] {
    let seeds = report.seeds.count
    var rows = [["variant", "held out", "clean", "gap", "zeros", "|corr|", "dead"]]
    if report.variants.contains(where: { $0.runs.first?.monteCarlo != nil }) {
      rows[0].append("\(report.variants[0].runs[0].monteCarlo?.masks ?? 0) masks")
    }
    for variant in report.variants {
      func mean(_ value: (RaceReport.Run) -> Double?) -> Double? {
        let found = variant.runs.compactMap(value)
        return found.isEmpty ? nil : found.reduce(0, +) / Double(found.count)
      }
      let clean = mean { $0.epochs.last?.cleanTrainingAccuracy }
      let heldOut = mean(\.accuracy)
      var row = [
        variant.name, percent(heldOut), percent(clean),
        clean.flatMap { clean in heldOut.map { RaceVerdict.points(clean - $0) } } ?? "-",
        percent(mean { $0.epochs.last?.sparsity }), fixed(mean { $0.epochs.last?.correlation }),
        fixed(mean { ($0.epochs.last?.deadUnits).map(Double.init) }, 1),
      ]
      if rows[0].count > row.count { row.append(percent(mean { $0.monteCarlo?.accuracy })) }
      rows.append(row)
    }
    let table = AlignedText.lines(rows, rightFrom: 1)
    return table + (seeds > 1 ? ["means over \(seeds) seeds"] : [])
      + report.verdicts.map(\.sentence)
  }

  private static func percent(_ share: Double?) -> String {
    share.map(TrainingText.percent) ?? "-"
  }

  private static func fixed(_ number: Double?, _ digits: Int = 3) -> String {
    number.map { TrainingText.fixed($0, digits) } ?? "-"
  }
}
