import Insight
import Masks
import NeuralNet
import TensorCore

extension Work {
  /// A job on an experiment, from nothing. What it takes to begin is done with its first masks.
  /// - Parameter id: what tells it from other work of the same listener
  public init(_ job: Job, on experiment: Experiment, id: Int = 0) {
    self.init(id: id, job: job) {
      switch job.study {
      case .samples(let setting): try .samples(of: setting, experiment)
      case .votes(let setting): try .votes(of: setting, experiment)
      case .placement(let placed, let seed): try .placement(of: placed, seed: seed, experiment)
      }
    }
  }
}

extension Work.Start {
  fileprivate static func samples(of setting: Setting, _ experiment: Experiment) throws -> Self {
    let (network, site) = (try experiment.network(of: setting), experiment.site(of: setting))
    let placements = try experiment.placements(of: setting)
    let (start, wanted) = (experiment.start(of: setting), [site] + experiment.said)
    let evaluation = try network.run(
      from: start, wanted: wanted, placements: placements,
      context: experiment.context(of: setting, mode: .eval))
    return Self(
      runs: MonteCarlo(
        network, clean: start, placements: placements, wanted: wanted,
        context: experiment.context(of: setting, mode: .train)),
      empty: Ensemble(
        network, clean: experiment.clean, site: site, evaluation: evaluation,
        truth: experiment.subject.truth))
  }

  fileprivate static func votes(of setting: Setting, _ experiment: Experiment) throws -> Self {
    let network = try experiment.network(of: setting)
    guard let empty = Votes(network, clean: experiment.clean) else {
      throw GraphError("\(experiment.subject.modelName) names no classes to count")
    }
    return Self(
      runs: MonteCarlo(
        network, clean: experiment.start(of: setting),
        placements: try experiment.placements(of: setting), wanted: experiment.logits,
        context: experiment.context(of: setting, mode: .train)),
      empty: empty)
  }

  fileprivate static func placement(
    of placed: PlacedDropout, seed: UInt64, _ experiment: Experiment
  ) throws -> Self {
    let (row, runs) = try PlacementRow.begin(
      experiment.subject.network, clean: experiment.clean, site: placed.site,
      dropout: try placed.dropout, seed: seed)
    return Self(runs: runs, empty: row)
  }
}

extension Experiment {
  /// Whether the output names classes, so that labels can be counted.
  public var hasClasses: Bool { subject.network.classification(clean) != nil }

  /// The values that hold what the network says: logits, and the maps of a segmentation.
  fileprivate var said: [String] {
    let maps = subject.network.segmentationOutput.flatMap { clean.tensor($0) == nil ? nil : $0 }
    return logits + [maps].compactMap { $0 }.filter { !logits.contains($0) }
  }

  /// The value of the logits, where it could be computed.
  var logits: [String] {
    subject.network.logits.flatMap { clean.tensor($0) == nil ? nil : [$0] } ?? []
  }
}
