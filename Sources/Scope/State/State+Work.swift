public import Studies

extension Action {
  /// Whether it says how far the due work has come: recordings do, a script by hand need not.
  public var isNewsOfWork: Bool { if case .reachWork = self { true } else { false } }
}

extension State {
  /// The work that should go on now: what the person looks at before what merely waits.
  public var dueWork: (any ResumableWork)? {
    if let reading = sweep?.reading, !reading.isOver { return reading }
    if isSampling, accumulates, let ensemble, !ensemble.isOver { return ensemble }
    if let votes, !votes.isOver { return votes }
    if let work = placementTable.entries.first(where: { !$0.work.isOver })?.work { return work }
    let trains = training.flatMap { $0.isRunning && !$0.work.isOver ? $0.work : nil }
    let races = isRacing ? race.flatMap { $0.isOver ? nil : $0 } : nil
    return page == .train ? trains ?? races : races ?? trains
  }

  /// Whether samples accumulate on what is seen.
  var accumulates: Bool { page?.accumulates ?? false }

  /// Takes over how far a work has come elsewhere; a work that nobody waits for any more is passed
  /// over.
  public mutating func receive(_ work: any ResumableWork) {
    if let work = work as? RaceWork {
      if work.id == race?.id { race = work }
      if work.id == training?.work.id { training?.source = .own(work) }
    }
    if let work = work as? FollowWork, work.id == training?.work.id {
      training?.source = .followed(work)
    }
    if let work = work as? SweepReading, work.id == sweep?.reading?.id { sweep?.reading = work }
    guard let work = work as? Work else { return }
    if ensemble?.id == work.id { ensemble = work }
    if votes?.id == work.id { votes = work }
    placementTable.receive(work)
  }

  /// Goes on with the due work until so many masks are added: nothing is left to be done where it was
  /// received, all where a script says so.
  mutating func reachWork(_ count: Int) {
    guard var work = dueWork, work.count < count || work.isUnbegun else { return }
    work.advance(to: count)
    receive(work)
  }

  /// Does all due work here and now. Samples, which have no end that a person waits for, are as many
  /// as the masks that labels are counted over.
  public mutating func finishWork() {
    if isSampling, accumulates, var work = ensemble, work.problem == nil {
      work.advance(to: masks)
      receive(work)
    }
    // Of a log as much as is there: nobody waits for what may come.
    if case .followed(var work)? = training?.source {
      work.advance(to: .max)
      training?.source = .followed(work)
      training?.isRunning = false
    }
    let before = sampling
    sampling = .held
    while var work = dueWork {
      work.run { _ in }
      receive(work)
    }
    sampling = before
  }

  /// Starts or stops the due work elsewhere, where it is another than before.
  mutating func workEffects() -> [Effect] {
    let due = dueWork?.id
    guard due != runningWork else { return [] }
    runningWork = due
    return [due == nil ? .stopWork : .startWork]
  }

  /// Forgets what was added up under another setting, and begins again where it is looked at.
  mutating func renewWorks() {
    if ensemble != nil { ensemble = newEnsemble() }
    votes = nil
  }

  /// The number of a new work.
  mutating func nextWorkID() -> Int {
    lastWork += 1
    return lastWork
  }

  /// Starts the ensemble at nothing.
  mutating func newEnsemble() -> Work {
    Work(Job(.samples(setting), masks: sampleGoal), on: experiment, id: nextWorkID())
  }

  /// Counts labels from nothing.
  mutating func newVotes() -> Work {
    Work(Job(.votes(setting), masks: masks), on: experiment, id: nextWorkID())
  }
}
