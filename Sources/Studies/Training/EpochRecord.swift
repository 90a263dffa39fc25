/// What one epoch came to: a line of the log and a point of the curves.
public struct EpochRecord: Codable, Equatable, Sendable {
  /// Counted from 1.
  public var epoch: Int
  /// Batches since training began.
  public var step: Int
  /// The mean loss over the epoch's batches as they were trained on, dropout acting.
  public var loss: Double
  /// The share of those images that were classified rightly.
  public var accuracy: Double
  /// The mean loss over the images held out, dropout off; none where none are held out.
  public var heldOutLoss: Double?
  /// The share of the images held out that were classified rightly.
  public var heldOutAccuracy: Double?
  /// The mean loss over (10,000 at most of) the images trained on, dropout off: after the last epoch, or
  /// after each where `TrainingMeasures.clean` asks for it.
  public var undroppedLoss: Double?
  /// The share of those that were classified rightly.
  public var undroppedAccuracy: Double?
  /// What the units of hidden layers do, where that is measured.
  public var layers: [LayerRecord]?
  /// What dropout does to the variance that batch normalisations read, where that is measured and both are
  /// there.
  public var shifts: [ShiftRecord]?
  /// How long the weights of units are, where that is measured.
  public var weights: [WeightRecord]?
  /// How long training took, without the images held out.
  public var seconds: Double
  /// Images trained on in a second.
  public var imagesPerSecond: Double
  /// How many epochs there are to be, which lines of logs say.
  public var epochs: Int?

  /// A record of an epoch on which nothing was evaluated yet.
  public init(
    epoch: Int, step: Int, loss: Double, accuracy: Double, seconds: Double, imagesPerSecond: Double
  ) {
    (self.epoch, self.step, self.loss, self.accuracy) = (epoch, step, loss, accuracy)
    (self.seconds, self.imagesPerSecond) = (seconds, imagesPerSecond)
  }

  private enum CodingKeys: String, CodingKey {
    case epoch, epochs, step, loss, accuracy, layers, weights, seconds
    case shifts = "variance_shifts"
    case heldOutLoss = "held_out_loss"
    case heldOutAccuracy = "held_out_accuracy"
    case undroppedLoss = "training_loss_undropped"
    case undroppedAccuracy = "training_accuracy_undropped"
    case imagesPerSecond = "images_per_second"
  }
}

/// What the units of a layer do on a fixed set of images, dropout off.
public struct LayerRecord: Codable, Equatable, Sendable {
  /// The node that makes the layer's values.
  public var layer: String
  /// How many units it has: features or channels.
  public var units: Int
  /// The share of values that are 0.
  public var zeros: Double
  /// The mean over all values.
  public var mean: Double
  /// Co-adaptation: the mean |r| between units that vary; none where fewer than two do.
  public var correlation: Double?
  /// Units that do not vary, which correlate with nothing.
  public var constant: Int
  /// Units that are 0 for every image.
  public var dead: Int
}

/// How much more the values that a batch normalisation reads vary with dropout than without.
public struct ShiftRecord: Codable, Equatable, Sendable {
  /// The batch normalisation's node.
  public var layer: String
  /// The ratio of variances, measured on a fixed set of images.
  public var measured: Double
  /// The ratio by the formula of Li et al. 2018 for the dropout right before it, alone; none where there is
  /// none.
  public var expected: Double?
}

/// How long the weights are that lead into the units of a layer.
public struct WeightRecord: Codable, Equatable, Sendable {
  /// The parameter's name.
  public var parameter: String
  /// The mean length.
  public var mean: Double
  /// The greatest.
  public var largest: Double
  /// What max-norm lets it be; none without.
  public var limit: Double?
  /// How many units are at that bound, but for rounding.
  public var atLimit: Int?

  private enum CodingKeys: String, CodingKey {
    case parameter, mean, largest, limit
    case atLimit = "at_limit"
  }
}

/// Sums over the batches of an epoch so far.
public struct EpochSums: Equatable, Sendable {
  /// Losses of images, added up.
  public var loss = 0.0
  /// Images classified rightly; of masks the sum of their overlaps.
  public var correct = 0.0
  /// Images trained on.
  public var samples = 0
  /// How long that took.
  public var seconds = 0.0

  /// Sums of nothing.
  public init() {}

  /// The mean loss of an image.
  public var meanLoss: Double { loss / Double(max(1, samples)) }
  /// The share of images classified rightly.
  public var accuracy: Double { correct / Double(max(1, samples)) }
  /// Images trained on in a second.
  public var imagesPerSecond: Double { Double(samples) / max(1e-9, seconds) }
}
