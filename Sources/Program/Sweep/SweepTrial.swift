import Formats
import FoundationEssentials
import Glibc
import Studies

/// A trial of a search as its file keeps it: while it goes on with what it came to so far, and at its end
/// with its score.
package struct SweepTrial: Codable {
  var number: Int
  var parameters: [String: RunValue]
  /// The mean over seeds; none before all are trained, or where one diverged.
  var heldOutAccuracy: Double?
  /// What the first seeds came to.
  var runs: [RunResult] = []
  /// The study that asked for it, as a digest; none at its end.
  var study: String?

  private enum CodingKeys: String, CodingKey {
    case number, parameters, runs, study
    case heldOutAccuracy = "held_out_accuracy"
  }

  init(number: Int, parameters: [String: RunValue], study: String) {
    (self.number, self.parameters, self.study) = (number, parameters, study)
  }
}

/// The folder of a search's trials: `3.json` of one that is over, `3.open.json` of one that is under way,
/// with a checkpoint of the seed that is trained.
struct SweepTrials {
  private let path: String

  /// - Throws: `Failure` where it cannot be made.
  init(_ folder: SweepFolder) throws {
    path = "\(folder.path)/trials"
    _ = try OutputFolder(path)
  }

  private func result(_ number: Int) -> String { "\(path)/\(number).json" }
  private func open(_ number: Int) -> String { "\(path)/\(number).open.json" }
  private func state(_ number: Int) -> String { "\(path)/\(number).state" }

  /// Where the checkpoint of a trial's seed lies.
  func checkpoint(_ trial: SweepTrial) -> String { state(trial.number) }

  /// The right to work on a trial; nil where another process does.
  /// - Throws: `FormatError` where nobody could write there.
  func lock(_ number: Int) throws -> FileLock? {
    do {
      return try FileLock(result(number))
    } catch {
      if FileLock.isHeld(result(number)) { return nil }
      throw error
    }
  }

  /// Keeps what a trial came to so far.
  func keep(_ trial: SweepTrial) throws {
    try FileBytes.write(try JSONFile.line(trial), to: open(trial.number))
  }

  /// Keeps a trial at its end.
  func finish(_ trial: SweepTrial) throws {
    var trial = trial
    trial.study = nil
    try FileBytes.write(try JSONFile.line(trial), to: result(trial.number))
    unlink(open(trial.number))
    unlink(state(trial.number))
  }

  /// A trial under way as its file has it; nil where there is none of that study, or the file is damaged.
  func read(_ number: Int, of study: String) -> SweepTrial? {
    guard let bytes = try? FileBytes.read(open(number), limit: 1 << 24),
      let trial = try? JSONDecoder().decode(SweepTrial.self, from: Data(bytes)),
      trial.number == number, trial.study == study
    else { return nil }
    return trial
  }

  /// The numbers of trials under way, from the least.
  func underWay() -> [Int] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var found: [Int] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".open.json"), let number = Int(name.dropLast(".open.json".count)) {
        found.append(number)
      }
    }
    return found.sorted()
  }
}
