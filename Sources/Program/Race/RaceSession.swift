import Formats
import FoundationEssentials
import NeuralNet
import Studies
import TensorCore

/// What a terminal and files make of a race: lines of progress, checkpoints, an end when a person asks for
/// one, and what it came to.
struct RaceSession {
  private let description: RaceDescription
  private let subject: TrainingSubject
  private let files: RaceFiles
  private let dropouts: [[String]]
  private let epochs: Int
  private var race: Race
  /// Where events go that TensorBoard opens, and the files begun there by seed and variant.
  private let eventFolder: String?
  private var events: [UInt64: [Int: EventFile]] = [:]
  private var display = ProgressDisplay()
  private var pace = SavingPace()

  private var job: RaceJob { description.job }

  /// Reads and checks everything there is to read and check before the first batch.
  /// - Parameters:
  ///   - resumes: whether states that are there are gone on with
  ///   - events: the folder of event files; nil for none
  init(
    _ description: RaceDescription, _ files: RaceFiles, resumes: Bool, events: String? = nil
  ) throws {
    (self.description, self.files, eventFolder) = (description, files, events)
    if let events { _ = try OutputFolder(events) }
    let subject = try TrainingSubject(description.subject)
    self.subject = subject
    let job = description.job
    guard !subject.data.heldOut.isEmpty else {
      throw Failure(usage: "--holdout: expected images held out, which a verdict is about")
    }
    // Every variant is made once, so that what makes no sense is told before anything is trained.
    let plans = try job.variants.map { variant in
      try RaceSession.naming(variant) {
        _ = try subject.training(of: variant, seed: job.seeds[0], in: job)
        return try subject.plan(of: variant, seed: job.seeds[0], in: job)
      }
    }
    dropouts = plans.map(\.dropoutTexts)
    epochs = plans[0].epochs
    race = Race(job) { variant, changed, seed in
      var run = try subject.training(of: changed, seed: seed, in: job)
      let path = files.state(variant, seed: seed)
      if resumes, FileBytes.isFile(path) {
        let state = try TrainingState.read(path)
        guard state.settings == (try RaceSession.settings(description, variant, seed)) else {
          throw Failure(.badData, "\(path): expected a state of this race, found another's")
        }
        try run.resume(state, from: path, data: subject.data)
      }
      return run
    }
  }

  /// What makes no sense of a variant is told with its option.
  private static func naming<Result>(
    _ variant: RaceVariant, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let failure as Failure {
      throw Failure(failure.code, "--variant \(variant.name): \(failure)")
    } catch let error as GraphError {
      throw Failure(asked: error)
    }
  }

  /// What a state says it is of.
  private static func settings(
    _ description: RaceDescription, _ variant: Int, _ seed: UInt64
  ) throws -> TrainSettings {
    let race = String(decoding: try JSONFile.line(description), as: UTF8.self)
    return TrainSettings(["race": race, "variant": "\(variant)", "seed": "\(seed)"])
  }

  /// Races to the end, or until a signal comes.
  /// - Returns: the signal; nil where the race is over.
  /// - Throws: `Failure` where a variant diverged, or an error of writing; what was kept stays.
  mutating func run() throws -> Int32? {
    try files.write(description)
    try files.startLog([.race(description)] + (try known()))
    display.write(introduction)
    let start = ContinuousClock.now
    var (race, signal) = (race, nil as Int32?)
    do {
      try race.run(
        seconds: { (ContinuousClock.now - start).seconds },
        while: { Interruption.signal == nil }
      ) { event, race in
        try tell(event, race)
        if case .stopped = event { signal = Interruption.signal }
      }
    } catch let problem as RaceProblem {
      throw failure(problem)
    }
    if let signal { return signal }
    if let results = race.results { try conclude(results) }
    if let problem = display.problem { throw problem }
    return nil
  }

  private mutating func tell(_ event: RaceEvent, _ race: Race) throws {
    switch event {
    case .batch(let variant): display.show(moment(race.lanes[variant]))
    case .epoch(let variant, let record):
      if pace.isDue(variant) { try save(variant, race) }
      try files.append(.epoch(variant: name(variant), seed: seed(race), record))
      try tellEvents(variant, record, race)
      display.write("\(padded(variant))  \(TrainingText.line(record, of: epochs))")
    case .outcome(let variant, let outcome):
      try save(variant, race)
      try files.append(.outcome(variant: name(variant), seed: seed(race), outcome))
    case .stopped:
      for variant in race.lanes.indices { try save(variant, race) }
      display.write("stopped; go on with: dropscope race --resume -o \(files.folderName)")
    case .done: break
    }
  }

  /// Adds an epoch to the events of a variant with the seed under way.
  private mutating func tellEvents(_ variant: Int, _ record: EpochRecord, _ race: Race) throws {
    guard let eventFolder else { return }
    let (seed, lane) = (seed(race), race.lanes[variant])
    // What was trained before it was stopped is in the file from before.
    let before = lane.records.dropLast().last?.step ?? 0
    let names = [eventFolder, OutputFolder.plainName(name(variant)), "seed-\(seed)"]
    let file = try events[seed]?[variant] ?? EventFile(in: names, from: before)
    events[seed, default: [:]][variant] = file
    try file.append(record, try lane.look())
  }

  private func seed(_ race: Race) -> UInt64 { job.seeds[race.seedIndex] }
  private func name(_ variant: Int) -> String { job.variants[variant].name }

  private func padded(_ variant: Int) -> String {
    let width = job.variants.map(\.name.count).max() ?? 0
    return name(variant) + String(repeating: " ", count: width - name(variant).count)
  }

  private func save(_ variant: Int, _ race: Race) throws {
    let (run, seed) = (race.lanes[variant], seed(race))
    let state = TrainingState(
      settings: try RaceSession.settings(description, variant, seed), data: subject.data.metadata,
      snapshot: run.trainer.snapshot, records: run.records, sums: run.sums)
    try FileBytes.write(try state.bytes, to: files.state(variant, seed: seed))
  }

  /// The epochs that states of a race that goes on know already.
  private func known() throws -> [RaceLine] {
    try job.seeds.flatMap { seed in
      try job.variants.indices.flatMap { variant -> [RaceLine] in
        let path = files.state(variant, seed: seed)
        guard FileBytes.isFile(path) else { return [] }
        return try TrainingState.read(path).records.map {
          .epoch(variant: name(variant), seed: seed, $0)
        }
      }
    }
  }

  private mutating func conclude(_ results: [[RaceOutcome]]) throws {
    let report = RaceReport(
      job, results, model: description.subject.model, images: subject.data.training.count,
      heldOut: subject.data.heldOut.count, dropouts: dropouts)
    for verdict in report.verdicts { try files.append(.verdict(verdict)) }
    try files.write(report, job)
    for line in RaceText.lines(report) { display.write(line) }
    display.write("written: \(files.report)")
  }

  private func moment(_ run: TrainingRun) -> ProgressDisplay.Moment {
    let (trainer, sums, count) = (run.trainer, run.sums, subject.data.training.count)
    let left = Double((epochs - trainer.epoch) * count - trainer.position)
    return ProgressDisplay.Moment(
      epoch: trainer.epoch + 1, epochs: epochs,
      fraction: Double(trainer.position) / Double(max(1, count)), loss: sums.meanLoss,
      accuracy: sums.accuracy, imagesPerSecond: sums.imagesPerSecond,
      secondsLeft: left * Double(job.variants.count) / sums.imagesPerSecond)
  }

  private var introduction: String {
    let images = TrainingText.grouped(subject.data.training.count)
    let heldOut = TrainingText.grouped(subject.data.heldOut.count)
    let seeds = job.seeds.count == 1 ? "seed \(job.seeds[0])" : "\(job.seeds.count) seeds"
    return "\(description.subject.model): \(job.variants.count) variants, \(images) images, "
      + "\(heldOut) held out, same weights, same batches, \(seeds)"
  }

  private func failure(_ problem: RaceProblem) -> Failure {
    let name = "\(name(problem.variant)), seed \(problem.seed)"
    switch problem.problem {
    case .diverged(let epoch, let what):
      return Failure(.diverged, "\(name): epoch \(epoch), \(what): training diverged")
    case .misfit(let samples, let error):
      return Failure(.badData, "\(name): a batch of \(samples): \(error)")
    }
  }
}
