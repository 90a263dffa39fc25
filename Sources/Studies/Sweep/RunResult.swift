/// What one training of a sweep came to: no times and no paths, so that it is the same bytes wherever it
/// was trained.
public struct RunResult: Codable, Equatable, Sendable {
  /// The SHA-256 of the description it is of.
  public var run: String
  /// Steps of training.
  public var steps: Int
  /// The last epoch's loss as trained, dropout acting.
  public var trainingLoss: Double?
  /// On (10,000 at most of) the images trained on, dropout off.
  public var cleanTrainingLoss: Double?
  public var trainingAccuracy: Double?
  /// On the images held out, dropout off.
  public var heldOutLoss: Double?
  public var heldOutAccuracy: Double?
  /// How many of the images held out are right, of how many.
  public var right: Int?
  public var heldOut: Int
  /// The average over masks, where one was asked for.
  public var monteCarlo: MonteCarloOutcome?
  /// What hidden units do, where that was asked for.
  public var layers: [LayerRecord]?
  /// What dropout did to the variance batch normalisations read, where that was asked for.
  public var shifts: [ShiftRecord]?
  /// Why there are no numbers; none where training came to its end.
  public var diverged: String?
  /// What the data were, by their content.
  public var data: [String: String]

  private enum CodingKeys: String, CodingKey {
    case run, steps, right, layers, diverged, data
    case shifts = "variance_shifts"
    case trainingLoss = "training_loss"
    case cleanTrainingLoss = "clean_training_loss"
    case trainingAccuracy = "training_accuracy"
    case heldOutLoss = "held_out_loss"
    case heldOutAccuracy = "held_out_accuracy"
    case heldOut = "held_out"
    case monteCarlo = "monte_carlo"
  }

  /// What a training came to at its end.
  public init(
    run: String, _ training: TrainingRun, heldOut: Int, monteCarlo: MonteCarloOutcome?,
    data: [String: String]
  ) {
    (self.run, self.heldOut, self.monteCarlo, self.data) = (run, heldOut, monteCarlo, data)
    steps = training.records.last?.step ?? 0
    guard let record = training.records.last else { return }
    trainingLoss = record.loss
    (cleanTrainingLoss, trainingAccuracy) = (record.undroppedLoss, record.undroppedAccuracy)
    (heldOutLoss, heldOutAccuracy) = (record.heldOutLoss, record.heldOutAccuracy)
    right = record.heldOutAccuracy.map { Int(($0 * Double(heldOut)).rounded()) }
    (layers, shifts) = (record.layers, record.shifts)
  }

  /// A training that diverged.
  public init(
    run: String, diverged: String, steps: Int, heldOut: Int, data: [String: String]
  ) {
    (self.run, self.diverged, self.steps) = (run, diverged, steps)
    (self.heldOut, self.data) = (heldOut, data)
  }
}
