public import Insight

/// What is there of a sweep's results, and what they are of.
public struct SweepReport: Sendable {
  /// What the sweep is called, and the claim it puts to the test.
  public let title, claim: String?
  /// How many runs the plan has.
  public let lines: Int
  /// What is missing, damaged or diverged, a line each.
  public let problems: [String]
  /// The results, by run.
  public let table: SweepTable
  /// The same by setting.
  public let summary: SweepSummary
  /// The parameters that tell settings apart: where every listed run has a name, that says the others.
  public let shown: [Int]
  /// Those of them that may lie along an axis: of several that change together one, and not the number of
  /// epochs where there is another.
  public let axes: [Int]
  /// The rows of each setting.
  private let rows: [[SweepTable.Row]]

  /// A report of the results of a plan.
  public init(
    _ table: SweepTable, of plan: SweepPlan, title: String?, claim: String?, problems: [String]
  ) {
    (self.table, self.title, self.claim, self.problems) = (table, title, claim, problems)
    lines = plan.count
    let summary = SweepSummary(table)
    self.summary = summary
    let isNamed = plan.runs.allSatisfy { $0["name"] != nil }
    shown = summary.parameters.indices.filter { place in
      let key = summary.parameters[place]
      return !isNamed || key == "name" || !plan.runs.contains { $0[key] != nil }
    }
    axes = summary.distinct(shown)
    let places = Dictionary(
      summary.settings.enumerated().map { ($1.values, $0) }, uniquingKeysWith: { first, _ in first }
    )
    var rows = summary.settings.map { _ in [SweepTable.Row]() }
    for row in table.rows { if let place = places[row.values] { rows[place].append(row) } }
    self.rows = rows
  }

  /// The rows of a setting, in the plan's order: a seed each.
  public func rows(of setting: Int) -> [SweepTable.Row] { rows[setting] }

  /// A score of a setting over its seeds; nil where no run has it.
  public func interval(_ score: SweepScore, of setting: Int) -> MeanInterval? {
    let found = rows[setting].filter { $0.result.diverged == nil }
      .compactMap { score.value($0.result) }
    return found.isEmpty ? nil : MeanInterval(found)
  }

  /// The scores that some run has.
  public var scores: [SweepScore] {
    SweepScore.allCases.filter { score in table.rows.contains { score.value($0.result) != nil } }
  }

  /// `rate dropout1 0.3, l2 0`
  public func name(of setting: Int) -> String {
    let values = summary.settings[setting].values
    let named = shown.compactMap { column in
      values[column].map { value in
        summary.parameters[column] == "name" ? "\(value)" : "\(summary.parameters[column]) \(value)"
      }
    }
    return named.isEmpty ? "the only setting" : named.joined(separator: ", ")
  }

  /// The values of a parameter, each once: numbers from the least, texts in the plan's order; nil stands
  /// for the recipe's own.
  public func values(of parameter: Int) -> [RunValue?] {
    var found: [RunValue?] = []
    for setting in summary.settings where !found.contains(setting.values[parameter]) {
      found.append(setting.values[parameter])
    }
    guard found.allSatisfy({ $0?.number != nil }) else { return found }
    return found.sorted { ($0?.number ?? 0) < ($1?.number ?? 0) }
  }
}

extension SweepSummary {
  /// Parameters without those that change with another of them and so say nothing more.
  fileprivate func distinct(_ places: [Int]) -> [Int] {
    var kept: Set<Int> = []
    let isEpochs = { (place: Int) in parameters[place] == "epochs" }
    for place in places.filter({ !isEpochs($0) }) + places.filter(isEpochs)
    where !kept.contains(where: { changeTogether($0, place) }) { kept.insert(place) }
    return places.filter(kept.contains)
  }

  /// Whether either of two parameters tells the other.
  private func changeTogether(_ a: Int, _ b: Int) -> Bool {
    let pairs = Set(settings.map { [$0.values[a], $0.values[b]] }).count
    return pairs == Set(settings.map { $0.values[a] }).count
      && pairs == Set(settings.map { $0.values[b] }).count
  }
}
