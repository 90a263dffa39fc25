import Formats
package import Studies
import TOMLKit
import TensorCore

/// A plan of a sweep as a person writes it, in TOML:
///
///     recipe = "digits"
///     images = 1000
///     seeds = [1, 2, 3]
///     [grid]
///     "rate dropout1" = [0, 0.25, 0.5]
package struct SweepFile {
  /// Its lines.
  package var plan: SweepPlan
  /// What the sweep is about, in a line.
  var title: String?
  /// The claim it puts to the test, and whose it is.
  var claim: String?

  /// Reads a file.
  /// - Parameter data: the folder of images, in place of what the file says
  /// - Throws: `FormatError` where the text is no TOML, `Failure` where a value makes no sense.
  package init(_ bytes: [UInt8], named name: String, data: String?) throws {
    var lines = ConfigLines(String(decoding: bytes, as: UTF8.self))
    let root = try SweepFile.parsed(&lines, name)
    var reader = Reader(name: name, lines: lines)
    for key in root.keys {
      guard let value = root[key] else { continue }
      switch key {
      case "grid": try reader.readGrid(value)
      case "run": try reader.readRuns(value)
      case "seeds": try reader.readSeeds(value)
      case "title": title = try reader.text(value, key)
      case "claim": claim = try reader.text(value, key)
      default: reader.base[key] = try reader.value(value, key)
      }
    }
    if let data { reader.base["data"] = .text(data) }
    reader.base["data"] = reader.base["data"] ?? .text("synthetic")
    do {
      plan = try reader.checkedPlan()
    } catch {
      throw Failure(.badData, "\(name): \(error)")
    }
  }

  /// - Throws: `FormatError` that names the line, for what is no TOML.
  private static func parsed(_ lines: inout ConfigLines, _ name: String) throws -> TOMLTable {
    if let problem = lines.blankUnparsable().first {
      throw FormatError(
        name, "line \(problem.line)", expected: "TOML", found: "\(problem.problem)")
    }
    do {
      return try TOMLTable(string: lines.text)
    } catch let error as TOMLParseError {
      throw FormatError(
        name, "line \(error.source.begin.line)", expected: "TOML", found: error.description)
    }
  }
}

/// What a file says, key by key.
private struct Reader {
  let name: String
  let lines: ConfigLines
  var base: [String: RunValue] = [:]
  private var runs: [[String: RunValue]] = []
  private var axes: [SweepPlan.Axis] = []
  private var seeds: [UInt64]?

  init(name: String, lines: ConfigLines) { (self.name, self.lines) = (name, lines) }

  /// The plan, in which every value makes sense by itself.
  func checkedPlan() throws(TensorError) -> SweepPlan {
    let plan = try plan()
    for line in plan.telling { _ = try RunSettings(plan.parameters(ofLine: line)) }
    return plan
  }

  private func plan() throws(TensorError) -> SweepPlan {
    var base = base
    let own = base.removeValue(forKey: "seed")?.number.flatMap { UInt64(exactly: $0) }
    return try SweepPlan(base: base, runs: runs, grid: axes, seeds: seeds ?? [own ?? 7])
  }

  /// A number or a text.
  func value(_ value: any TOMLValueConvertible, _ key: String) throws(FormatError) -> RunValue {
    if let number = value.int { return .number(Double(number)) }
    if let number = value.double, number.isFinite { return .number(number) }
    if let text = value.string { return .text(text) }
    throw FormatError(name, key, expected: "a number or a text in quotes", found: "\(value.type)")
  }

  func text(_ value: any TOMLValueConvertible, _ key: String) throws(FormatError) -> String {
    guard let text = value.string else {
      throw FormatError(name, key, expected: "a text in quotes", found: "\(value.type)")
    }
    return text
  }

  mutating func readSeeds(_ value: any TOMLValueConvertible) throws(FormatError) {
    guard let array = value.array else {
      throw FormatError(name, "seeds", expected: "[1, 2, …]", found: "\(value.type)")
    }
    var found: [UInt64] = []
    for item in array {
      guard let seed = item.int.flatMap({ UInt64(exactly: $0) }), seed <= 1 << 53 else {
        throw FormatError(
          name, "seeds", expected: "whole numbers from 0 to 9007199254740992", found: "others")
      }
      found.append(seed)
    }
    seeds = found
  }

  /// Axes in the order of the file, not of their names.
  mutating func readGrid(_ value: any TOMLValueConvertible) throws(FormatError) {
    guard let table = value.table else {
      throw FormatError(name, "grid", expected: "a table [grid]", found: "\(value.type)")
    }
    for key in table.keys.sorted(by: { place($0) < place($1) }) {
      guard let array = table[key]?.array else {
        throw FormatError(name, "grid \(key)", expected: "a list [a, b, …]", found: "another value")
      }
      var values: [RunValue] = []
      for item in array { values.append(try self.value(item, "grid \(key)")) }
      axes.append(SweepPlan.Axis(key: key, values: values))
    }
  }

  private func place(_ key: String) -> Int {
    // The line is told for names without blanks and quotes.
    let bare = key.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
    return lines.line(of: bare, in: "grid") ?? .max
  }

  mutating func readRuns(_ value: any TOMLValueConvertible) throws(FormatError) {
    guard let array = value.array else {
      throw FormatError(name, "run", expected: "tables [[run]]", found: "\(value.type)")
    }
    for (index, item) in array.enumerated() {
      guard let table = item.table else {
        throw FormatError(name, "run", expected: "tables [[run]]", found: "\(item.type)")
      }
      var run: [String: RunValue] = [:]
      for key in table.keys {
        guard key != "seed", let value = table[key] else {
          throw FormatError(
            name, "run \(index + 1)", expected: "seeds = […] for seeds", found: "seed")
        }
        run[key] = try self.value(value, "run \(index + 1) \(key)")
      }
      runs.append(run)
    }
  }
}
