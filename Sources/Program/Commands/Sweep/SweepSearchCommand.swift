import ArgumentParser
import Studies
import TensorCore

/// `dropscope sweep search`: what a grid spans, searched by Optuna.
struct SweepSearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Search what a plan's grid spans with Optuna (pip install optuna).",
    discussion: """
      Asks optuna for a setting, trains it with every seed of the plan, and tells it the mean accuracy held \
      out. Between the numbers of an axis every number may be tried, on a scale of logarithms where they \
      span a factor of 100; texts are choices. Any number of processes may share one storage. DIR/trials \
      has a file a trial. A trial that was stopped stays under way in Optuna and goes on from its \
      checkpoint with the next search of that study here.
      """)

  @Argument(help: ArgumentHelp("The folder that plan wrote.", valueName: "dir"))
  var folder: String

  @Option(help: ArgumentHelp("Optuna's storage, as sqlite:///search.db.", valueName: "url"))
  var optuna: String

  @Option(
    help: ArgumentHelp("The study in it, which is made where there is none.", valueName: "name"))
  var study: String

  @Option(help: ArgumentHelp("So many trials (default: 20).", valueName: "n"))
  var trials: Int?

  @OptionGroup var workers: JobsOptions

  @OptionGroup var budget: BudgetOptions

  func run() throws {
    try budget.apply()
    Heap.keepsFreedMemory()
    let (jobs, threads) = try workers.checked()
    let trials = try NumberRange("trials", 1...1_000_000).checked(trials) ?? 20
    let store = Optuna(storage: optuna, study: study)
    var search = try SweepSearch(SweepFolder(path: folder), store)
    Interruption.install()
    let signal = try Parallel.$threads.withValue(threads) {
      guard jobs > 1 else { return try search.run(trials: trials) }
      // Two that make one study at once would be told that it is there already.
      try store.create()
      let words = (0..<min(jobs, trials)).map { place in
        [
          "sweep", "search", folder, "--optuna", optuna, "--study", study, "--threads",
          "\(threads)",
          "--trials", "\(trials / jobs + (place < trials % jobs ? 1 : 0))",
        ] + budget.words
      }
      return try SweepWorkers.run(words)
    }
    if let signal { Interruption.raise(signal) }
  }
}
