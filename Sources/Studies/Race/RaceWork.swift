public import Masks
public import NeuralNet

/// A race that is ready to begin, with what is said of it.
public struct OpenedRace: Sendable {
  /// The race at its start.
  public var race: Race
  /// The recipe or model.
  public var model: String
  /// What the images are.
  public var data: String
  /// Images trained on, and those held out.
  public var images, heldOut: Int
  /// How often all images are gone through, and the batches that takes each time.
  public var epochs, batches: Int
  /// Tells the dropouts that act in a variant, as text.
  public var describe: Describer

  /// Tells the dropouts that act in a variant.
  public typealias Describer = @Sendable (RaceVariant) throws -> [String]

  /// A race with what is said of it.
  public init(
    _ race: Race, model: String, data: String, images: Int, heldOut: Int, epochs: Int, batch: Int,
    describe: @escaping Describer
  ) {
    (self.race, self.model, self.data, self.describe) = (race, model, data, describe)
    (self.images, self.heldOut, self.epochs) = (images, heldOut, epochs)
    batches = (images + batch - 1) / max(1, batch)
  }
}

/// Reads what a race needs, which may take its time.
public typealias RaceOpener = @Sendable (RaceJob) throws -> OpenedRace

/// A race under way, batch by batch: what a page shows of it, and how it goes on. Its variants can be
/// changed meanwhile.
public struct RaceWork: ResumableWork {
  /// What tells one work from another.
  public let id: Int
  /// What is compared.
  public private(set) var job: RaceJob
  /// What was read; nil before the first batch.
  public private(set) var opened: OpenedRace?
  /// Batches trained on, of all variants together.
  public private(set) var count = 0
  /// Why it cannot go on; nil while it can.
  public private(set) var problem: String?
  /// Whether all is over.
  public private(set) var isDone = false
  /// What was changed while it went on, by variant.
  private var segments: [Int: [TrainingSegment]] = [:]
  /// The first variant's network after its epochs; nil where nobody goes back to them.
  public private(set) var moments: TrainingMoments?
  /// Images trained on in a second, all variants together; nil before that was measured.
  public private(set) var pace: Double?
  private let open: RaceOpener

  /// A race that has yet to begin; of one variant it is a training.
  /// - Parameter keepsMoments: whether the first variant's network is kept after every epoch
  public init(id: Int, _ job: RaceJob, keepsMoments: Bool = false, open: @escaping RaceOpener) {
    (self.id, self.job, self.open) = (id, job, open)
    moments = keepsMoments ? TrainingMoments() : nil
  }

  /// The same race where it is, as other work: what was told of this one is not of that.
  public func renumbered(_ id: Int) -> RaceWork {
    var other = RaceWork(id: id, job, open: open)
    (other.opened, other.count, other.problem) = (opened, count, problem)
    (other.isDone, other.segments, other.pace) = (isDone, segments, pace)
    other.moments = moments
    return other
  }

  /// Batches there are, of all variants together; 1 before that is known.
  public var goal: Int { opened.map(goal(of:)) ?? 1 }

  public var isOver: Bool { isDone || problem != nil }

  public var isUnbegun: Bool { opened == nil }

  public mutating func advance(to count: Int, while shouldContinue: @Sendable () -> Bool) {
    do {
      var opened = try opened ?? open(job)
      self.opened = nil
      defer { self.opened = opened }
      if moments?.all.isEmpty == true { try keepMoment(of: &opened.race) }
      while self.count < count || count >= goal(of: opened), !isOver, shouldContinue() {
        // No clock: the same race comes to the same records wherever it is done.
        switch try opened.race.advance(seconds: { 0 }, while: shouldContinue) {
        case .batch: self.count += 1
        case .done: isDone = true
        case .epoch(variant: 0, _): try keepMoment(of: &opened.race)
        case .epoch, .outcome, .stopped: break
        }
      }
    } catch let problem as RaceProblem {
      let name = job.variants[problem.variant].name
      switch problem.problem {
      case .diverged(let epoch, let what): self.problem = "\(name), epoch \(epoch), \(what)"
      case .misfit(let samples, let error): self.problem = "\(name): \(samples): \(error)"
      }
    } catch {
      problem = "\(error)"
    }
  }

  private func goal(of opened: OpenedRace) -> Int {
    opened.epochs * opened.batches * job.variants.count * job.seeds.count
  }

  public mutating func measured(_ steps: Int, seconds: Double) {
    guard let opened, seconds > 0, opened.batches > 0 else { return }
    let images = Double(steps) * Double(opened.images) / Double(opened.batches)
    pace = images / seconds
  }

  /// Gives the dropouts of a variant another rate, from the next batch on.
  /// - Returns: whether it has any.
  /// - Throws: what makes a training.
  public mutating func setRate(_ rate: Rate, of variant: Int) throws -> Bool {
    var changes = job.variants[variant].changes
    guard !isOver, let before = self.rate(of: variant), changes.setRate(rate) else { return false }
    if var opened {
      try opened.race.change(variant, to: changes)
      let lanes = opened.race.lanes
      let step = lanes.indices.contains(variant) ? lanes[variant].trainer.stepCount : 0
      segments[variant, default: []].add(
        TrainingSegment(epoch: epoch(of: variant), step: step, before: before, rate: rate))
      self.opened = opened
    }
    job.variants[variant].changes = changes
    return true
  }

  /// Adds a variant, which starts where the others did.
  /// - Throws: what makes a training.
  public mutating func add(_ variant: RaceVariant) throws {
    if var opened {
      try opened.race.add(variant)
      self.opened = opened
      isDone = false
    }
    job.variants.append(variant)
  }

  private mutating func keepMoment(of race: inout Race) throws {
    guard moments != nil else { return }
    let lane = try race.lane(0)
    moments?.add(try lane.trainer.graph, after: lane.trainer.epoch)
  }

  /// What was changed in a variant while it went on.
  public func segments(of variant: Int) -> [TrainingSegment] { segments[variant] ?? [] }

  /// What a log keeps of a variant: what is there stays as it is, and more comes behind it.
  /// - Parameter name: what lines call it; empty where it is alone
  public func log(of variant: Int, named name: String) -> [TrainingLogLine] {
    var segments = segments(of: variant)[...]
    var lines: [TrainingLogLine] = []
    for var record in records(of: variant) {
      while let segment = segments.first, segment.epoch <= record.epoch {
        lines.append(.segment(of: name, segment))
        segments.removeFirst()
      }
      record.epochs = opened?.epochs
      // No clock ran while it trained; what was measured since it was told last is near enough.
      record.imagesPerSecond = (pace ?? 0).rounded()
      record.seconds = pace.map { (Double(opened?.images ?? 0) / $0 * 1000).rounded() / 1000 } ?? 0
      lines.append(.epoch(of: name, record))
    }
    return lines
  }

  /// The rate of a variant's first dropout; nil where it states none.
  public func rate(of variant: Int) -> Rate? {
    let changes = job.variants[variant].changes
    return changes.sites.first?.rate ?? changes.ownRate
  }

  /// What the epochs of a variant came to, with the first seed.
  public func records(of variant: Int) -> [EpochRecord] {
    guard let race = opened?.race else { return [] }
    return race.outcomes[0][variant]?.records
      ?? (race.lanes.indices.contains(variant) ? race.lanes[variant].records : [])
  }

  /// The epoch that a variant is in, from 1.
  public func epoch(of variant: Int) -> Int {
    guard let opened else { return 1 }
    let lanes = opened.race.lanes
    return lanes.indices.contains(variant)
      ? min(opened.epochs, lanes[variant].trainer.epoch + 1) : opened.epochs
  }

  /// A variant's network with what it has learnt so far; nil where the race is not at it.
  public func graph(of variant: Int) throws -> Graph? {
    guard let lanes = opened?.race.lanes, lanes.indices.contains(variant) else { return nil }
    return try lanes[variant].trainer.graph
  }

  /// What it came to; nil before its end.
  public var report: RaceReport? {
    guard isDone, let opened, let results = opened.race.results else { return nil }
    return RaceReport(
      job, results, model: opened.model, images: opened.images, heldOut: opened.heldOut,
      dropouts: job.variants.map { (try? opened.describe($0)) ?? [] })
  }
}

extension TrainingChanges {
  /// Gives all dropouts that are stated a rate.
  /// - Returns: whether there are any.
  fileprivate mutating func setRate(_ rate: Rate) -> Bool {
    for index in sites.indices { sites[index].rate = rate }
    if ownDropout { ownRate = rate }
    return ownDropout || !sites.isEmpty
  }
}
