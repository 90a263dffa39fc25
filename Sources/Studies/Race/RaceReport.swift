/// What a race came to, as `race.json` says it: no times, so that the same race gives the same bytes.
public struct RaceReport: Codable, Equatable, Sendable {
  /// The recipe or model.
  public var model: String
  /// Images trained on.
  public var images: Int
  /// Images held out.
  public var heldOut: Int
  /// The seeds, in their order.
  public var seeds: [UInt64]
  /// One for each variant, in their order.
  public var variants: [Variant]
  /// The second variant against the first.
  public var verdict: RaceVerdict?
  /// Every later variant against the first.
  public var verdicts: [RaceVerdict]

  private enum CodingKeys: String, CodingKey {
    case model, images, seeds, variants, verdict, verdicts
    case heldOut = "held_out"
  }

  /// A variant.
  public struct Variant: Codable, Equatable, Sendable {
    /// Its name.
    public var name: String
    /// The dropouts that act, each as `SITE=KIND,RATE`.
    public var dropouts: [String]
    /// What else it does otherwise, as `KEY=VALUE`.
    public var settings: [String]
    /// The epochs with the first seed.
    public var epochs: [Epoch]
    /// All seeds, the first among them.
    public var runs: [Run]
  }

  /// A variant with one seed.
  public struct Run: Codable, Equatable, Sendable {
    /// The seed.
    public var seed: UInt64
    /// The epochs.
    public var epochs: [Epoch]
    /// Images held out that are classified rightly at the end, dropout off.
    public var right: Int
    /// The same as a share.
    public var accuracy: Double
    /// The average over masks, where one was asked for.
    public var monteCarlo: MonteCarloOutcome?

    private enum CodingKeys: String, CodingKey {
      case seed, epochs, right, accuracy
      case monteCarlo = "monte_carlo"
    }
  }

  /// An epoch: losses and accuracies as trained, dropout acting; clean, on the same images with dropout
  /// off; and held out. What units do is the mean over hidden layers, each of which stands in `layers`.
  public struct Epoch: Codable, Equatable, Sendable {
    public var epoch: Int
    public var step: Int
    public var trainingLoss: Double
    public var trainingAccuracy: Double
    public var cleanTrainingLoss: Double?
    public var cleanTrainingAccuracy: Double?
    public var heldOutLoss: Double?
    public var heldOutAccuracy: Double?
    public var sparsity: Double?
    public var meanActivation: Double?
    public var correlation: Double?
    public var deadUnits: Int?
    public var layers: [LayerRecord]?
    public var weights: [WeightRecord]?

    private enum CodingKeys: String, CodingKey {
      case epoch, step, sparsity, correlation, layers, weights
      case trainingLoss = "training_loss"
      case trainingAccuracy = "training_accuracy"
      case cleanTrainingLoss = "clean_training_loss"
      case cleanTrainingAccuracy = "clean_training_accuracy"
      case heldOutLoss = "held_out_loss"
      case heldOutAccuracy = "held_out_accuracy"
      case meanActivation = "mean_activation"
      case deadUnits = "dead_units"
    }

    /// An epoch as its record has it.
    public init(_ record: EpochRecord) {
      (epoch, step) = (record.epoch, record.step)
      (trainingLoss, trainingAccuracy) = (record.loss, record.accuracy)
      (cleanTrainingLoss, cleanTrainingAccuracy) = (record.undroppedLoss, record.undroppedAccuracy)
      (heldOutLoss, heldOutAccuracy) = (record.heldOutLoss, record.heldOutAccuracy)
      (layers, weights) = (record.layers, record.weights)
      guard let layers, !layers.isEmpty else { return }
      func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
      }
      sparsity = mean(layers.map(\.zeros))
      meanActivation = mean(layers.map(\.mean))
      correlation = mean(layers.compactMap(\.correlation))
      deadUnits = layers.reduce(0) { $0 + $1.dead }
    }
  }

  /// The report of a race at its end.
  /// - Parameters:
  ///   - results: what the variants came to, by seed and variant
  ///   - dropouts: the dropouts that act in each variant
  public init(
    _ job: RaceJob, _ results: [[RaceOutcome]], model: String, images: Int, heldOut: Int,
    dropouts: [[String]]
  ) {
    (self.model, self.images, self.heldOut) = (model, images, heldOut)
    seeds = job.seeds
    variants = zip(job.variants, dropouts).enumerated().map { index, described in
      let runs = zip(job.seeds, results).map { seed, outcomes in
        let outcome = outcomes[index]
        return Run(
          seed: seed, epochs: outcome.records.map(Epoch.init),
          right: outcome.right.count { $0 }, accuracy: outcome.accuracy,
          monteCarlo: outcome.monteCarlo)
      }
      return Variant(
        name: described.0.name, dropouts: described.1, settings: described.0.changes.settings,
        epochs: runs.first?.epochs ?? [], runs: runs)
    }
    verdicts =
      heldOut == 0
      ? []
      : job.variants.indices.dropFirst().map { index in
        RaceVerdict(
          first: job.variants[0].name, second: job.variants[index].name,
          results.map { ($0[0], $0[index]) }, comparisons: job.variants.count - 1)
      }
    verdict = verdicts.first
  }
}
