import Formats
import FoundationEssentials
import Glibc
import Studies

/// What lies in a race's folder: `job.json`, `log.jsonl`, a state for each variant and seed while it goes
/// on, `race.json` at its end.
struct RaceFiles {
  private let folder: OutputFolder
  private let path: String
  private let log: String
  /// No other process races there.
  private let lock: FileLock?

  /// As the user wrote it.
  var folderName: String { path }
  var job: String { "\(path)/job.json" }
  var report: String { "\(path)/race.json" }

  /// - Throws: `Failure` or `FormatError` where it cannot be written, or another process writes it.
  init(_ path: String, log: String?) throws {
    self.path = path
    folder = try OutputFolder(path)
    self.log = log ?? "\(path)/log.jsonl"
    lock = try FileLock("\(path)/race.json")
    for file in ["\(path)/race.json", "\(path)/job.json"] { try FileBytes.checkWritable(file) }
  }

  /// The state of a variant with a seed.
  func state(_ variant: Int, seed: UInt64) -> String {
    "\(path)/variant-\(variant + 1)-seed-\(seed).state"
  }

  func write(_ description: RaceDescription) throws {
    try folder.write(try description.bytes, as: "job.json")
  }

  /// Writes what it came to; the states have done their service then.
  func write(_ report: RaceReport, _ job: RaceJob) throws {
    try folder.write(try JSONFile.bytes(report), as: "race.json")
    for seed in job.seeds {
      for variant in job.variants.indices { unlink(state(variant, seed: seed)) }
    }
  }

  /// Starts the log anew with what is known.
  func startLog(_ lines: [RaceLine]) throws {
    let bytes = try lines.flatMap { try JSONFile.line($0) }
    if log == "-" { return try FileBytes.append(bytes, to: log) }
    try FileBytes.write(bytes, to: log)
  }

  func append(_ line: RaceLine) throws { try FileBytes.append(try JSONFile.line(line), to: log) }
}

/// A line of a race's log.
enum RaceLine: Encodable {
  /// What is raced.
  case race(RaceDescription)
  /// An epoch of a variant.
  case epoch(variant: String, seed: UInt64, EpochRecord)
  /// A variant at its end with a seed.
  case outcome(variant: String, seed: UInt64, RaceOutcome)
  /// What is said at the end.
  case verdict(RaceVerdict)

  private enum Key: String, CodingKey {
    case event, variant, seed, description, accuracy, right
    case monteCarlo = "monte_carlo"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .race(let description):
      try container.encode("race", forKey: .event)
      try container.encode(description, forKey: .description)
    case .epoch(let variant, let seed, let record):
      try container.encode("epoch", forKey: .event)
      try container.encode(variant, forKey: .variant)
      try container.encode(seed, forKey: .seed)
      try record.encode(to: encoder)
    case .outcome(let variant, let seed, let outcome):
      try container.encode("outcome", forKey: .event)
      try container.encode(variant, forKey: .variant)
      try container.encode(seed, forKey: .seed)
      try container.encode(outcome.accuracy, forKey: .accuracy)
      try container.encode(outcome.right.count { $0 }, forKey: .right)
      try container.encodeIfPresent(outcome.monteCarlo, forKey: .monteCarlo)
    case .verdict(let verdict):
      try container.encode("verdict", forKey: .event)
      try verdict.encode(to: encoder)
    }
  }
}
