import ArgumentParser
import TensorCore

/// How many processes work on a sweep, and with how many threads each.
struct JobsOptions: ParsableArguments {
  @Option(help: ArgumentHelp("So many processes (default: 1).", valueName: "n"))
  var jobs: Int?

  @Option(help: "Threads of a process; no number depends on it (default: all processors / jobs).")
  var threads: Int?

  /// The numbers, checked, with their defaults.
  /// - Throws: `Failure` of usage where one lies outside.
  func checked() throws -> (jobs: Int, threads: Int) {
    let jobs = try NumberRange.jobs.checked(jobs) ?? 1
    return (jobs, try NumberRange.threads.checked(threads) ?? max(1, Parallel.threads / jobs))
  }
}
