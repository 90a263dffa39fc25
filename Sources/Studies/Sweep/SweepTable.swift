/// The results of a sweep, a row a run in the plan's order: what `table.csv` has.
public struct SweepTable: Sendable {
  /// The parameters in which runs differ.
  public let parameters: [String]
  /// The rows so far.
  public private(set) var rows: [Row] = []

  /// One run.
  public struct Row: Equatable, Sendable {
    /// Its line of the plan.
    public var line: Int
    /// The values of the parameters in which runs differ; nil where it has its recipe's.
    public var values: [RunValue?]
    /// Its seed.
    public var seed: UInt64
    /// What it came to.
    public var result: RunResult
  }

  /// A column of what was measured.
  private struct Measure: Sendable {
    let name: String
    /// Whether every table has it, or only one of runs that measured it.
    let isAlways: Bool
    let value: @Sendable (RunResult) -> Double?
  }

  private static let measures = [
    Measure(name: "training_accuracy", isAlways: true) { $0.trainingAccuracy },
    Measure(name: "held_out_accuracy", isAlways: true) { $0.heldOutAccuracy },
    Measure(name: "held_out_loss", isAlways: true) { $0.heldOutLoss },
    Measure(name: "monte_carlo_accuracy", isAlways: false) { $0.monteCarlo?.accuracy },
    Measure(name: "monte_carlo_loss", isAlways: false) { $0.monteCarlo?.loss },
    Measure(name: "sparsity", isAlways: false) { $0.mean(\.zeros) },
    Measure(name: "mean_activation", isAlways: false) { $0.mean(\.mean) },
    Measure(name: "correlation", isAlways: false) { $0.mean(\.correlation) },
    Measure(name: "dead_units", isAlways: false) { result in
      result.layers.map { $0.reduce(0.0) { $0 + Double($1.dead) } }
    },
    Measure(name: "variance_shift", isAlways: false) { $0.shifts?.map(\.measured).max() },
    Measure(name: "variance_shift_expected", isAlways: false) { result in
      result.shifts?.max { $0.measured < $1.measured }?.expected
    },
  ]

  /// A table without rows.
  public init(parameters: [String]) { self.parameters = parameters }

  /// Adds a run; rows stay in the order of lines, whatever order they come in.
  public mutating func add(line: Int, _ parameters: [String: RunValue], _ result: RunResult) {
    let row = Row(
      line: line, values: self.parameters.map { parameters[$0] },
      seed: parameters["seed"]?.number.flatMap { UInt64(exactly: $0) } ?? 0, result: result)
    guard let last = rows.last, last.line > line else { return rows.append(row) }
    rows.insert(row, at: rows.firstIndex { $0.line > line } ?? rows.endIndex)
  }

  /// As CSV (RFC 4180): a column a parameter, the seed, what was measured; empty where there is nothing,
  /// as of a run that diverged.
  public var csv: String {
    let shown = SweepTable.measures.filter { measure in
      measure.isAlways || rows.contains { measure.value($0.result) != nil }
    }
    var text =
      (parameters + ["seed"] + shown.map(\.name)).map(SweepTable.quoted).joined(separator: ",")
      + "\n"
    for row in rows {
      let cells =
        row.values.map { SweepTable.quoted($0?.description ?? "") } + ["\(row.seed)"]
        + shown.map { $0.value(row.result).map { "\($0)" } ?? "" }
      text += cells.joined(separator: ",") + "\n"
    }
    return text
  }

  /// A cell of CSV.
  public static func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}

extension RunResult {
  /// The mean of something over hidden layers.
  fileprivate func mean(_ value: (LayerRecord) -> Double?) -> Double? {
    let found = (layers ?? []).compactMap(value)
    return found.isEmpty ? nil : found.reduce(0, +) / Double(found.count)
  }
}
