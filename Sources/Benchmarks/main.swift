import ArgumentParser
import TensorCore

struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Benchmarks",
    abstract: "Measures what dropscope quotes. Build it in release mode.",
    discussion: (Benchmark.all.map { ($0.name, $0.summary) }
      + Count.all.map { ($0.name, $0.summary) })
      .map { "\($0.0): \($0.1)" }.joined(separator: "\n"))

  @Argument(
    help:
      "Benchmarks by name, \"all\", \"list\" for their names, or \"facts\" for what masks remove.")
  var names: [String]

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Option(help: "How many threads may share the work (default: 1, or all where a network is run).")
  var threads: Int?

  @Option(help: "How many runs are timed.")
  var repeats = 15

  func validate() throws {
    guard (threads ?? 1) >= 1 else { throw ValidationError("--threads: expected 1 or more") }
    guard repeats >= 1 else { throw ValidationError("--repeats: expected 1 or more") }
    for name in names
    where !["all", "list", "facts"].contains(name) && Benchmarks.named(name).isEmpty
      && Benchmarks.counts(name).isEmpty
    {
      let known = (Benchmark.all.map(\.name) + Count.all.map(\.name)).joined(separator: ", ")
      throw ValidationError("no benchmark \(name); there are \(known)")
    }
  }

  func run() throws {
    for name in names {
      if name == "list" {
        for name in Benchmark.all.map(\.name) + Count.all.map(\.name) { print(name) }
        continue
      }
      if name == "facts" {
        try Facts.printAll()
        continue
      }
      for benchmark in Benchmarks.named(name) {
        let own = benchmark.takesAllProcessors ? Parallel.processors : 1
        let settings = Benchmark.Settings(threads: threads ?? own, repeats: repeats)
        do {
          let measured = try Measurement(benchmark, settings)
          print(json ? measured.json : measured.line)
        } catch let skipped as Benchmark.Skipped {
          print(
            json
              ? "{\"name\": \"\(benchmark.name)\", \"skipped\": \"\(skipped.reason)\"}"
              : "\(benchmark.name) skipped: \(skipped.reason)")
        }
      }
      for count in Benchmarks.counts(name) {
        for line in try count.lines(json: json) { print(line) }
      }
    }
  }

  private static func counts(_ name: String) -> [Count] {
    Count.all.filter { name == "all" || $0.name == name }
  }

  private static func named(_ name: String) -> [Benchmark] {
    Benchmark.all.filter { name == "all" || $0.name == name }
  }
}

Benchmarks.main()
