import Formats
import FoundationEssentials
import Glibc
import Studies

/// A sweep's folder: `plan.jsonl` with a line a run, `sweep.json` with what the plan is about, and
/// `results/0000/1.json` … by thousands, each with a state beside it while its run goes on.
struct SweepFolder {
  /// As the user wrote it.
  let path: String

  /// What is known of a plan beside its lines.
  struct Head: Codable, Equatable {
    var title: String?
    var claim: String?
    /// The parameters in which runs differ: the columns of the table.
    var parameters: [String]
    /// How many lines there are.
    var lines: Int
    /// The plan that the lines are of.
    var plan: SweepPlan
    /// The SHA-256 of `plan.jsonl`.
    var sha256: String
  }

  /// A line of the plan.
  struct Line {
    let number: Int
    /// As it stands in the plan.
    let text: [UInt8]
    let parameters: [String: RunValue]

    /// What a result of it says it is of.
    var digest: String { SHA256.hex(of: text) }
  }

  var plan: String { "\(path)/plan.jsonl" }
  var head: String { "\(path)/sweep.json" }
  var table: String { "\(path)/table.csv" }
  var script: String { "\(path)/sweep.sbatch" }

  /// Where the result of a line goes: a thousand to a folder, so that none holds too many.
  func result(_ line: Int) -> String { "\(folder(line))/\(line).json" }
  func state(_ line: Int) -> String { "\(folder(line))/\(line).state" }

  private func folder(_ line: Int) -> String {
    let number = "\((line - 1) / 1000)"
    return "\(path)/results/\(String(repeating: "0", count: max(0, 4 - number.count)))\(number)"
  }

  /// Makes the folder of a line's result.
  /// - Throws: `Failure` where it cannot.
  func makeFolder(_ line: Int) throws {
    for folder in ["\(path)/results", folder(line)] { _ = try OutputFolder(folder) }
  }

  /// Writes a plan; the same one again changes nothing.
  /// - Throws: `Failure` where another one is there, `FormatError` where it cannot be written.
  func write(_ file: SweepFile) throws {
    _ = try OutputFolder(path)
    let lock = try FileLock(plan)
    defer { withExtendedLifetime(lock) {} }
    var bytes: [UInt8] = []
    for number in 1...file.plan.count {
      bytes += try SweepFolder.text(number, file.plan.parameters(ofLine: number))
    }
    let digest = SHA256.hex(of: bytes)
    if FileBytes.isFile(head), try readHead().sha256 != digest {
      throw Failure(.cannotWrite, "\(head): expected no other plan there, found one")
    }
    try FileBytes.write(bytes, to: plan)
    let about = Head(
      title: file.title, claim: file.claim, parameters: file.plan.columns, lines: file.plan.count,
      plan: file.plan, sha256: digest)
    try FileBytes.write(try JSONFile.bytes(about), to: head)
  }

  /// A line of the plan with its newline.
  private static func text(_ number: Int, _ parameters: [String: RunValue]) throws -> [UInt8] {
    var object = parameters
    object["line"] = .number(Double(number))
    return try JSONFile.line(object)
  }

  /// - Throws: `FormatError` where there is no plan, or it is damaged.
  func readHead() throws -> Head {
    let bytes = try FileBytes.read(head, limit: 1 << 24)
    guard let found = try? JSONDecoder().decode(Head.self, from: Data(bytes)),
      (1...SweepPlan.mostLines).contains(found.lines)
    else {
      throw FormatError(head, expected: "a plan of dropscope", found: "something else")
    }
    return found
  }

  /// The lines of the plan.
  /// - Parameter checked: whether they are held against what was planned, byte for byte; a result says
  ///   which line it is of anyway
  /// - Throws: `FormatError` where they are others.
  func readLines(checked: Bool) throws -> SweepLines {
    let about = try readHead()
    let bytes = try FileBytes.read(plan)
    guard !checked || SHA256.hex(of: bytes) == about.sha256 else {
      throw FormatError(plan, expected: "the lines that were planned", found: "others")
    }
    let lines = SweepLines(bytes, named: plan)
    guard lines.count == about.lines else {
      throw FormatError(plan, expected: "\(about.lines) lines", found: "\(lines.count)")
    }
    return lines
  }

  /// What is there of a line.
  enum Found {
    case missing
    case damaged
    case result(RunResult)
  }

  /// The result of a line.
  /// - Throws: `Failure` where it is of another plan.
  func find(_ line: Line) throws -> Found {
    let path = result(line.number)
    guard FileBytes.isFile(path) else { return .missing }
    guard let bytes = try? FileBytes.read(path, limit: 1 << 24),
      let result = try? JSONDecoder().decode(RunResult.self, from: Data(bytes))
    else { return .damaged }
    guard result.run == line.digest else {
      throw Failure(
        .badData, "\(path): expected a result of line \(line.number) of \(plan), found another's")
    }
    return .result(result)
  }
}

/// The lines of a plan, as bytes; each is read when it is asked for.
struct SweepLines {
  private let bytes: [UInt8]
  private let name: String
  /// Where each begins, and the end.
  private var starts: [Int] = [0]

  init(_ bytes: [UInt8], named name: String) {
    (self.bytes, self.name) = (bytes, name)
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(index + 1)
    }
    if starts.last != bytes.count { starts.append(bytes.count) }
  }

  var count: Int { starts.count - 1 }

  /// A line, counted from 1.
  /// - Throws: `FormatError` where it is no description of a run.
  subscript(number: Int) -> SweepFolder.Line {
    get throws {
      let text = Array(bytes[starts[number - 1]..<starts[number]])
      guard var parameters = try? JSONDecoder().decode([String: RunValue].self, from: Data(text)),
        parameters.removeValue(forKey: "line") == .number(Double(number))
      else {
        throw FormatError(
          name, "line \(number)", expected: "a run described in JSON", found: "something else")
      }
      return SweepFolder.Line(number: number, text: text, parameters: parameters)
    }
  }
}
