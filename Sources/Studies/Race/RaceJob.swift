/// A race as data: trainings of one network that start from the same weights and see the same batches in
/// the same order, and differ in what is stated.
public struct RaceJob: Codable, Equatable, Sendable {
  /// What is compared; the others with the first.
  public var variants: [RaceVariant]
  /// The seeds it is done with, one after another: of weights, order and masks.
  public var seeds: [UInt64]
  /// How often all images are gone through; nil for the recipe's.
  public var epochs: Int?
  /// Images of a batch; nil for the recipe's.
  public var batch: Int?
  /// Pixels by which an image may be moved when it is trained on.
  public var shift = 0
  /// Masks that are averaged at the end beside the pass without dropout; 0 for none.
  public var masks = 0

  /// A race of variants.
  public init(variants: [RaceVariant], seeds: [UInt64]) {
    (self.variants, self.seeds) = (variants, seeds)
  }
}

/// One of the trainings of a race.
public struct RaceVariant: Codable, Equatable, Sendable {
  /// What it is called.
  public var name: String
  /// What it does otherwise than the network's recipe.
  public var changes: TrainingChanges

  /// A variant.
  public init(name: String, changes: TrainingChanges) {
    (self.name, self.changes) = (name, changes)
  }
}

/// What is told of a race while it goes on.
public enum RaceEvent: Sendable {
  /// A variant has trained on a batch.
  case batch(variant: Int)
  /// An epoch of a variant is over.
  case epoch(variant: Int, EpochRecord)
  /// A variant is at its end with a seed: what it came to.
  case outcome(variant: Int, RaceOutcome)
  /// It was told to stop, and can go on from where it is.
  case stopped
  /// All variants are at their end with all seeds.
  case done
}

/// What a variant came to with one seed.
public struct RaceOutcome: Equatable, Sendable {
  /// What the epochs came to.
  public var records: [EpochRecord]
  /// Which images held out it has right, dropout off.
  public var right: [Bool]
  /// What an average over masks has right, where one was asked for.
  public var monteCarlo: MonteCarloOutcome?

  /// An outcome of these parts.
  public init(records: [EpochRecord], right: [Bool], monteCarlo: MonteCarloOutcome? = nil) {
    (self.records, self.right, self.monteCarlo) = (records, right, monteCarlo)
  }

  /// The share of images held out that it has right.
  public var accuracy: Double {
    Double(right.count { $0 }) / Double(max(1, right.count))
  }
}

/// Why a race cannot go on: what became of one of its variants.
public struct RaceProblem: Error, Sendable {
  /// Which variant.
  public var variant: Int
  /// With which seed.
  public var seed: UInt64
  /// What happened to its training.
  public var problem: TrainingProblem

  init(variant: Int, seed: UInt64, _ problem: TrainingProblem) {
    (self.variant, self.seed, self.problem) = (variant, seed, problem)
  }
}
