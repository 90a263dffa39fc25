import ArgumentParser
import Formats
import Studies

/// `dropscope sweep plan`: a line a run.
struct SweepPlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Write the runs of a plan, one JSON line each.",
    discussion: """
      PLAN is a TOML file or the name of a study that --list shows. With --slurm DIR/sweep.sbatch is a \
      job array that sbatch takes as it stands.
      """)

  @Argument(help: ArgumentHelp("A TOML file, or a study's name.", valueName: "plan"))
  var plan: String?

  @Flag(help: "List the studies, and end.")
  var list = false

  @Flag(help: "With --list: as JSON.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "The folder of images, in place of what the plan says.", valueName: "dir|synthetic"))
  var data: String?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "dir"))
  var output: String?

  @Flag(help: "Also write a job array for Slurm.")
  var slurm = false

  @Option(help: ArgumentHelp("With --slurm: runs a task (default: 1).", valueName: "n"))
  var chunk: Int?

  func run() throws {
    guard list || !json else { throw Failure(usage: "--json: expected --list beside it") }
    if list { return try Listing(studies: Study.builtIn).write(asJSON: json) }
    guard let plan else {
      throw Failure(usage: "expected a TOML file or a study's name, found none")
    }
    guard let output else { throw Failure(usage: "--output: expected a folder, found none") }
    let chunk = try NumberRange("chunk", 1...SweepPlan.mostLines).checked(chunk)
    guard slurm || chunk == nil else {
      throw Failure(usage: "--chunk: expected --slurm beside it")
    }
    let file = try read(plan)
    try check(file.plan)
    let folder = SweepFolder(path: output)
    try folder.write(file)
    var written = ["written: \(folder.plan) (\(TrainingText.grouped(file.plan.count)) runs)"]
    if slurm {
      let script = SlurmScript(folder: output, lines: file.plan.count, chunk: chunk ?? 1)
      try FileBytes.write(Array(script.text.utf8), to: folder.script)
      written.append("written: \(folder.script) (\(TrainingText.grouped(script.tasks)) tasks)")
    }
    try Terminal.write(lines: written)
  }

  private func read(_ name: String) throws -> SweepFile {
    if let study = Study.builtIn.first(where: { $0.name == name }), !FileBytes.isFile(name) {
      return try SweepFile(study.bytes, named: name, data: data)
    }
    let bytes: [UInt8]
    do {
      bytes = try FileBytes.read(name, limit: 1 << 24)
    } catch {
      let nearest = nearestSuffix(for: name, among: Study.builtIn.map(\.name))
      guard error.kind == .missingInput, !nearest.isEmpty else { throw error }
      throw Failure(.missingInput, "\(error)\(nearest)")
    }
    return try SweepFile(bytes, named: name, data: data)
  }

  /// Makes the network of every run and value once, so that a site that is none is told now and not by
  /// a thousand tasks of a cluster.
  private func check(_ plan: SweepPlan) throws {
    var networks: [String: TrainingNetwork] = [:]
    var checked: [TrainingChanges] = []
    for line in plan.telling.prefix(SweepPlanCommand.mostChecked) {
      let settings = try RunSettings(plan.parameters(ofLine: line))
      // Images, epochs and seeds change no network.
      guard networks[settings.model] == nil || !checked.contains(settings.changes) else { continue }
      checked.append(settings.changes)
      let network =
        try networks[settings.model] ?? TrainingNetwork(settings.model, data: "synthetic")
      networks[settings.model] = network
      do {
        _ = try network.plan(seed: settings.seed, settings.changes).trainer()
      } catch {
        throw Failure(.badData, "line \(line): \(error)")
      }
    }
  }

  private static let mostChecked = 100
}
