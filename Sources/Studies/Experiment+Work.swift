import Insight
import Masks
import NeuralNet
import TensorCore

/// Long work on a view, each from nothing.
extension Experiment {
  /// What a setting's dropout makes of the output and the site, over many masks.
  public func samples(of setting: Setting, id: Int, goal: Int) -> Work {
    Work(id: id, goal: goal) {
      let (network, site) = (try network(of: setting), site(of: setting))
      let placements = try placements(of: setting)
      let (start, wanted) = (start(of: setting), [site] + logits)
      let evaluation = try network.run(
        from: start, wanted: wanted, placements: placements,
        context: context(of: setting, mode: .eval))
      return Work.Start(
        runs: MonteCarlo(
          network, clean: start, placements: placements, wanted: wanted,
          context: context(of: setting, mode: .train)),
        empty: Ensemble(network, clean: clean, site: site, evaluation: evaluation))
    }
  }

  /// The labels that a setting's masks lead to, counted.
  public func votes(of setting: Setting, id: Int, goal: Int) -> Work {
    Work(id: id, goal: goal) {
      let network = try network(of: setting)
      guard let empty = Votes(network, clean: clean) else {
        throw GraphError("\(subject.modelName) names no classes to count")
      }
      return Work.Start(
        runs: MonteCarlo(
          network, clean: start(of: setting), placements: try placements(of: setting),
          wanted: logits, context: context(of: setting, mode: .train)),
        empty: empty)
    }
  }

  /// One row of the placement table: a dropout measured by itself.
  public func placementRow(_ placed: PlacedDropout, seed: UInt64, id: Int, goal: Int) -> Work {
    Work(id: id, goal: goal) {
      let (row, runs) = try LadderRow.begin(
        subject.network, clean: clean, site: placed.site, dropout: try placed.dropout, seed: seed)
      return Work.Start(runs: runs, empty: row)
    }
  }

  /// The value of the logits, where it could be computed.
  var logits: [String] {
    subject.network.logits.flatMap { clean.tensor($0) == nil ? nil : [$0] } ?? []
  }
}
