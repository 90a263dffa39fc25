import Insight
import Masks
import NeuralNet
import TensorCore

extension State {
  /// The work that should go on now: what the person looks at before what merely waits.
  public var dueWork: Work? {
    if isSampling, page == .samples, let ensemble, !ensemble.isOver { return ensemble }
    if let votes, !votes.isOver { return votes }
    return ladder.rungs.first { !$0.work.isOver }?.work
  }

  /// Takes over how far a work has come elsewhere; a work that nobody waits for any more is passed
  /// over.
  public mutating func receive(_ work: Work) {
    if ensemble?.id == work.id { ensemble = work }
    if votes?.id == work.id { votes = work }
    ladder.receive(work)
  }

  /// Goes on with the due work until so many masks are added: nothing is left to be done where it was
  /// received, all where a script says so.
  mutating func reachWork(_ count: Int) {
    guard var work = dueWork, work.count < count || work.sum == nil else { return }
    work.advance(to: count)
    receive(work)
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
    let (experiment, setting) = (experiment, setting)
    return Work(id: nextWorkID(), goal: Work.mostMasks) {
      let (network, clean) = (try experiment.network(of: setting), experiment.clean)
      let site = experiment.site(of: setting)
      let placements = try experiment.placements(of: setting)
      let start = experiment.start(of: setting)
      let evaluation = try network.run(
        from: start, wanted: [site] + experiment.logits, placements: placements,
        context: experiment.context(of: setting, mode: .eval))
      return Work.Start(
        runs: MonteCarlo(
          network, clean: start, placements: placements, wanted: [site] + experiment.logits,
          context: experiment.context(of: setting, mode: .train)),
        empty: Ensemble(network, clean: clean, site: site, evaluation: evaluation))
    }
  }

  /// Counts labels from nothing.
  mutating func newVotes() -> Work {
    let (experiment, setting) = (experiment, setting)
    return Work(id: nextWorkID(), goal: masks) {
      let (network, clean) = (try experiment.network(of: setting), experiment.clean)
      guard let empty = Votes(network, clean: clean) else {
        throw GraphError("\(experiment.subject.modelName) names no classes to count")
      }
      return Work.Start(
        runs: MonteCarlo(
          network, clean: experiment.start(of: setting),
          placements: try experiment.placements(of: setting), wanted: experiment.logits,
          context: experiment.context(of: setting, mode: .train)),
        empty: empty)
    }
  }
}

extension Experiment {
  /// The value of the logits, where it could be computed.
  var logits: [String] {
    subject.network.logits.flatMap { clean.tensor($0) == nil ? nil : [$0] } ?? []
  }
}
