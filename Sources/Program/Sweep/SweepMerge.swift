import Formats
import Studies

/// The results of a plan, and what is wrong with the others.
struct SweepMerge {
  let head: SweepFolder.Head
  private(set) var table: SweepTable
  private(set) var missing: [Int] = []
  private(set) var damaged: [Int] = []

  /// Reads every result there is.
  /// - Throws: `FormatError` where there is no plan, `Failure` where a result is of another.
  init(_ folder: SweepFolder) throws {
    head = try folder.readHead()
    let lines = try folder.readLines(checked: true)
    table = SweepTable(parameters: head.parameters)
    for number in 1...lines.count {
      let line = try lines[number]
      switch try folder.find(line) {
      case .missing: missing.append(number)
      case .damaged: damaged.append(number)
      case .result(let result): table.add(line: number, line.parameters, result)
      }
    }
  }

  /// What is there, and what it is of.
  var report: SweepReport {
    SweepReport(table, of: head.plan, title: head.title, claim: head.claim, problems: problems)
  }

  /// What is not in the table, as lines; none where all runs are.
  var problems: [String] {
    var lines: [String] = []
    if !missing.isEmpty {
      lines.append("\(missing.count) of \(head.lines) runs missing: \(SweepMerge.ranges(missing))")
    }
    if !damaged.isEmpty {
      lines.append("\(damaged.count) results damaged: \(SweepMerge.ranges(damaged))")
    }
    let diverged = table.rows.filter { $0.result.diverged != nil }.map(\.line)
    if !diverged.isEmpty {
      lines.append("\(diverged.count) runs diverged: \(SweepMerge.ranges(diverged))")
    }
    return lines
  }

  /// `3, 7-9` of 3, 7, 8, 9.
  static func ranges(_ numbers: [Int]) -> String {
    var parts: [(first: Int, last: Int)] = []
    for number in numbers {
      if let end = parts.last, end.last + 1 == number {
        parts[parts.count - 1].last = number
      } else {
        parts.append((number, number))
      }
    }
    return parts.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }
      .joined(separator: ", ")
  }
}
