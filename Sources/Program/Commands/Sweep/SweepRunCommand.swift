import ArgumentParser
import Formats
import FoundationEssentials
import Studies
import TensorCore

/// `dropscope sweep run`: trains what a plan's lines say.
struct SweepRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train the runs of a plan, or the one that --json describes.",
    discussion: """
      Runs that are finished are passed over; one that was stopped goes on from its checkpoint. Any \
      number of processes, on any number of machines that share DIR, may work on one plan: a lock keeps \
      two off one line. A run that diverges is a result too.

      With --json there is no folder: one description in, one line of JSON out, for whatever proposes \
      settings and wants a score:
        dropscope sweep run --json '{"recipe":"digits","images":1000,"rate dropout1":0.3,"seed":1}'
      """)

  @Argument(help: ArgumentHelp("The folder that plan wrote.", valueName: "dir"))
  var folder: String?

  @Option(
    help: ArgumentHelp("One line of the plan, or several: 17, 1-25.", valueName: "n|a-b"))
  var line: String?

  @Flag(help: "Also keep each run's trained network, as ONNX beside its result.")
  var keep = false

  @Option(help: ArgumentHelp("A run's description.", valueName: "object"))
  var json: String?

  @OptionGroup var workers: JobsOptions

  @OptionGroup var budget: BudgetOptions

  func run() throws {
    try budget.apply()
    Heap.keepsFreedMemory()
    let (jobs, threads) = try workers.checked()
    let signal = try Parallel.$threads.withValue(threads) {
      if let json { return try runAlone(json) }
      guard let folder else {
        throw Failure(usage: "expected a folder that sweep plan wrote, or --json, found none")
      }
      return try run(SweepFolder(path: folder), jobs: jobs, threads: threads)
    }
    if let signal { Interruption.raise(signal) }
  }

  private func run(_ folder: SweepFolder, jobs: Int, threads: Int) throws -> Int32? {
    guard line == nil || workers.jobs == nil else {
      throw Failure(usage: "--jobs: expected no --line beside it")
    }
    let lines = try folder.readLines(checked: false)
    let range = try SweepRunCommand.range(line, of: lines.count)
    Interruption.install()
    guard jobs > 1 else {
      var runner = SweepRunner(folder, lines, keepsNetworks: keep)
      return try runner.run(range)
    }
    let words =
      ["sweep", "run", folder.path, "--threads", "\(threads)"] + (keep ? ["--keep"] : [])
      + budget.words
    return try SweepWorkers.run(Array(repeating: words, count: jobs))
  }

  /// `17` or `1-25`; all lines where nothing is said.
  static func range(_ text: String?, of count: Int) throws -> ClosedRange<Int> {
    guard let text else { return 1...count }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(parts.count), let first = parts[0], let last = parts[parts.count - 1],
      (1...count).contains(first), (first...count).contains(last)
    else {
      throw Failure(usage: "--line: expected 1 to \(count), or A-B of them, found \(text)")
    }
    return first...last
  }

  private func runAlone(_ json: String) throws -> Int32? {
    guard folder == nil, line == nil, workers.jobs == nil, !keep else {
      throw Failure(usage: "--json: expected no folder, --line, --jobs or --keep beside it")
    }
    guard
      var parameters = try? JSONDecoder().decode([String: RunValue].self, from: Data(json.utf8))
    else {
      throw Failure(usage: "--json: expected an object of numbers and texts, found \(json)")
    }
    parameters["line"] = nil
    Interruption.install()
    var worker = SweepWorker()
    let digest = SHA256.hex(of: Array(json.utf8))
    switch try worker.train(parameters, digest: digest, state: nil) {
    case .stopped(let signal): return signal
    case .finished(let result, _):
      try OutputKind.write(try JSONFile.line(result), to: "-")
      return nil
    }
  }
}
