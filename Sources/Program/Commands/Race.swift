import ArgumentParser
import Formats
import Studies
import TensorCore

/// `dropscope race`: trainings of one network beside each other, fairly.
struct RaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "race",
    abstract: "Train variants of a network from the same weights on the same batches.",
    discussion: """
      A variant is NAME='SITE=KIND,RATE;…': the dropouts that act in it, at Dropout nodes or behind any \
      node or input; none for no dropout, own for the network's own. Beside them it may say \
      max-norm=N, l2=N, dropout-epochs=1-3 (early) or 4- (late), width LAYER=N or n/p, activation=relu, \
      optimizer=…, learning-rate=N, rate=P for all of its own dropout. The first variant is what the \
      others are compared with.

      DIR/race.json has every epoch (with dropout, clean and held out; zeros, correlation and dead \
      units) and the verdict: McNemar's exact test for one seed, the paired t interval for several. \
      Ctrl-C keeps what is done; --resume -o DIR goes on with it to the same bits.

      EXAMPLE:
        dropscope race digits --images 1000 --variant none=none \\
          --variant 'spatial=dropout1=spatial,.25;dropout2=element,.5' --seeds 3 -o race

      Exit codes: 64 usage, 65 bad data, 66 missing input, 70 a loss diverged, 73 cannot write.
      """)

  @Argument(help: ArgumentHelp("A recipe, or an ONNX file.", valueName: "recipe|model.onnx"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "A variant, two at least: NAME='SITE=KIND,RATE;…', NAME=none, NAME=own.",
      valueName: "name=what"))
  var variant: [String] = []

  @Option(
    help: ArgumentHelp(
      "Train on the first N images after the seeded shuffle (default: all).", valueName: "n"))
  var images: Int?

  @Option(help: "The first seed, of weights, order and masks (default: 7).")
  var seed: UInt64?

  @Option(help: "How many seeds, one after another (default: 1).")
  var seeds: Int?

  @Option(
    help: ArgumentHelp(
      "At the end also average the outputs under so many masks.", valueName: "n"))
  var masks: Int?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "dir"))
  var output: String

  @OptionGroup var training: TrainingOptions

  @OptionGroup var budget: BudgetOptions

  @Flag(help: "Go on in DIR with the race that began there.")
  var resume = false

  func run() throws {
    try budget.apply()
    Heap.keepsFreedMemory()
    let threads = try NumberRange.threads.checked(training.threads)
    let given = resume ? nil : try description()
    if resume, model != nil || !variant.isEmpty || training.data != nil {
      throw Failure(usage: "--resume: expected no model, variant or data beside -o \(output)")
    }
    let files = try RaceFiles(output, log: training.log)
    if given != nil, let there = [files.job, files.report].first(where: FileBytes.isFile) {
      throw Failure(
        .cannotWrite, "\(there): is there already; --resume -o \(output) goes on with it")
    }
    let description = try given ?? RaceDescription.read(files.job)
    if resume, FileBytes.isFile(files.report) {
      return try Terminal.write(lines: ["finished already: \(files.report)"])
    }
    let signal = try Parallel.$threads.withValue(threads ?? Parallel.threads) {
      var session = try RaceSession(
        description, files, resumes: resume, events: training.tensorboard)
      Interruption.install()
      return try session.run()
    }
    if let signal { Interruption.raise(signal) }
  }

  /// What options describe.
  private func description() throws -> RaceDescription {
    guard let model else {
      throw Failure(
        usage: "expected a recipe (\(TrainingPlan.recipeNames)) or an ONNX file, found none")
    }
    var subject = TrainingSubject.Request(model: model)
    subject.data = training.data ?? "synthetic"
    subject.images = try NumberRange("images", NumberRange.limit.range).checked(images)
    subject.holdout = try NumberRange.holdout.checked(training.holdout)
    subject.splitSeed = training.splitSeed ?? 1
    subject.normalize = training.normalize
    let count = try NumberRange.seeds.checked(seeds) ?? 1
    let first = seed ?? 7
    var job = RaceJob(
      variants: try variants(), seeds: (0..<count).map { first &+ UInt64($0) })
    job.epochs = try NumberRange.epochs.checked(training.epochs)
    job.batch = try NumberRange.batch.checked(training.batch)
    job.shift = try NumberRange.shift.checked(training.shift) ?? 0
    job.masks = try NumberRange.masks.checked(masks) ?? 0
    return RaceDescription(subject: subject, job: job)
  }

  private func variants() throws -> [RaceVariant] {
    let variants = try variant.map { text in
      guard let equal = text.firstIndex(of: "="), equal > text.startIndex else {
        throw Failure(usage: "--variant: expected NAME='SITE=KIND,RATE;…', found \(text)")
      }
      let name = String(text[..<equal])
      do {
        return RaceVariant(
          name: name,
          changes: try TrainingChanges(parsing: String(text[text.index(after: equal)...])))
      } catch {
        throw Failure(usage: "--variant \(name): \(error)")
      }
    }
    guard variants.count > 1 else {
      throw Failure(usage: "--variant: expected two or more, found \(variants.count)")
    }
    let names = variants.map(\.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw Failure(usage: "--variant: expected each name once, found \(twice) twice")
    }
    return variants
  }
}
