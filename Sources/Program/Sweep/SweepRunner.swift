import Formats
import Glibc
import NeuralNet
import Studies
import TensorCore

/// Goes through lines of a plan: what is finished is passed over, and what another process works on is
/// left to it.
struct SweepRunner {
  let folder: SweepFolder
  let lines: SweepLines
  /// Whether networks are kept beside results.
  private let keepsNetworks: Bool
  private var worker = SweepWorker()

  init(_ folder: SweepFolder, _ lines: SweepLines, keepsNetworks: Bool) {
    (self.folder, self.lines, self.keepsNetworks) = (folder, lines, keepsNetworks)
  }

  /// What was done about a line.
  enum Done {
    case already
    case trained(RunResult)
    case stopped(Int32)
  }

  /// Another process works on a line.
  struct Busy: Error, CustomStringConvertible {
    let error: FormatError
    var description: String { "\(error)" }
  }

  /// Trains a line where it is not finished.
  /// - Throws: `Busy` where another process works on it, which it names; `Failure` where its
  ///   result is of another plan.
  mutating func run(_ number: Int) throws -> Done {
    let line = try lines[number]
    if case .result = try folder.find(line) { return .already }
    try folder.makeFolder(number)
    let path = folder.result(number)
    let lock = try lock(path)
    defer { withExtendedLifetime(lock) {} }
    // Whoever had the lock before may have finished it.
    if case .result = try folder.find(line) { return .already }
    switch try worker.train(line.parameters, digest: line.digest, state: folder.state(number)) {
    case .stopped(let signal): return .stopped(signal)
    case .finished(let result, let network):
      // First: where there is a result, there is what it kept.
      if keepsNetworks, let network {
        try ONNXWriter.write(network, to: folder.network(number))
      }
      try FileBytes.write(try JSONFile.line(result), to: path)
      unlink(folder.state(number))
      return .trained(result)
    }
  }

  /// The right to write a result.
  /// - Throws: `Busy` where another process has it, `FormatError` where nobody could.
  private func lock(_ path: String) throws -> FileLock? {
    var problem: FormatError?
    // Whoever has it may let it go between the two questions, and another take it.
    for _ in 0..<100 {
      do { return try FileLock(path) } catch { problem = error }
      if let problem, FileLock.isHeld(path) { throw Busy(error: problem) }
    }
    if let problem { throw problem }
    return nil
  }

  /// Goes through lines, each told when it is finished.
  /// - Returns: the signal that stopped it; nil where all are finished or worked on by others.
  mutating func run(_ numbers: ClosedRange<Int>) throws -> Int32? {
    for number in numbers {
      if let signal = Interruption.signal { return signal }
      let done: Done
      do {
        done = try run(number)
      } catch let busy as Busy {
        guard numbers.count > 1 else { throw busy.error }
        continue
      }
      switch done {
      case .already:
        if numbers.count == 1 { try Terminal.write(lines: ["line \(number): finished already"]) }
      case .trained(let result): try Terminal.write(lines: [try told(number, result)])
      case .stopped(let signal):
        try Terminal.write(lines: ["line \(number): stopped; run it again to go on"])
        return signal
      }
    }
    return nil
  }

  private func told(_ number: Int, _ result: RunResult) throws -> String {
    if let what = result.diverged { return "line \(number): diverged in \(what)" }
    let score = result.heldOutAccuracy.map { "held out \(TrainingText.percent($0))" } ?? "trained"
    return "line \(number): \(score)"
  }
}
