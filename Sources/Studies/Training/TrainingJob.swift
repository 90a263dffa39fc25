public import NeuralNet
import TensorCore

/// Training as data: all that decides the weights but the network, its optimiser and the images.
public struct TrainingJob: Codable, Equatable, Sendable {
  /// How often all images are gone through.
  public var epochs: Int
  /// Images of a batch.
  public var batch: Int
  /// Decides the order of the images and how they are moved.
  public var seed: UInt64
  /// Pixels by which an image may be moved when it is trained on.
  public var shift: Int
  /// The epochs in which dropout acts; nil for all.
  public var dropoutEpochs: EpochWindow?
  /// What each epoch measures beside the loss.
  public var measures: TrainingMeasures

  /// A job of so many epochs.
  public init(
    epochs: Int, batch: Int, seed: UInt64, shift: Int = 0, dropoutEpochs: EpochWindow? = nil,
    measures: TrainingMeasures = TrainingMeasures()
  ) {
    (self.epochs, self.batch, self.seed, self.shift) = (epochs, batch, seed, shift)
    (self.dropoutEpochs, self.measures) = (dropoutEpochs, measures)
  }
}

/// What is measured after each epoch beside the loss: nothing of it changes a weight.
public struct TrainingMeasures: Codable, Equatable, Sendable {
  /// Loss and accuracy on the images trained on with dropout off, and not after the last epoch only.
  public var clean: Bool
  /// What units do and how long weights are.
  public var layers: Bool
  /// Whether only the last epoch is measured at all: where nobody looks at the others, they cost nothing.
  public var lastOnly: Bool

  /// By default nothing.
  public init(clean: Bool = false, layers: Bool = false, lastOnly: Bool = false) {
    (self.clean, self.layers, self.lastOnly) = (clean, layers, lastOnly)
  }
}

/// The samples that a network learns from, and those that tell how well it does.
public struct TrainingSamples: Sendable {
  /// The set trained on, and the samples of it that are.
  let set: any Dataset
  let training: [Int]
  /// The set that tells how well it went, and the samples of it that do.
  let heldOutSet: any Dataset
  let heldOut: [Int]

  /// Samples of two sets, which may be the same.
  public init(_ set: any Dataset, training: [Int], heldOutSet: any Dataset, heldOut: [Int]) {
    (self.set, self.training) = (set, training)
    (self.heldOutSet, self.heldOut) = (heldOutSet, heldOut)
  }
}

/// What is told of training while it goes on.
public enum TrainingEvent: Sendable {
  /// A batch was trained on.
  case batch
  /// An epoch is over; what it came to is the last of the records.
  case epoch(EpochRecord)
  /// It was told to stop, and can go on from where it is.
  case stopped
  /// All epochs are over.
  case done
}

/// Why training cannot go on.
public enum TrainingProblem: Error, Sendable {
  /// A loss or a weight is no finite number; where that was seen.
  case diverged(epoch: Int, String)
  /// A batch does not fit the network: how many samples of what kind it has, and why not.
  case misfit(String, GraphError)
}
