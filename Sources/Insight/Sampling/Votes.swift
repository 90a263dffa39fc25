public import NeuralNet
import TensorCore

/// How often masks change what a network says: the label of each run, against the label without
/// dropout.
public struct Votes: RunSum {
  /// The classes, added up.
  public private(set) var classes: ClassSums
  /// The label without dropout.
  public let label: Int
  private let network: Network

  /// Votes of no runs yet; nil where the network's output is no vector of classes.
  /// - Parameter clean: the run without dropout
  public init?(_ network: Network, clean: Activations) {
    guard let classification = network.classification(clean) else { return nil }
    self.network = network
    label = classification.label
    classes = ClassSums(classes: classification.logits.count)
  }

  /// How many masks.
  public var count: Int { classes.count }

  /// Runs that named another class than the one without dropout.
  public var flips: Share { Share(classes.count - classes.votes[label], of: classes.count) }

  /// Runs that named a class.
  public func share(of label: Int) -> Share { Share(classes.votes[label], of: classes.count) }

  public mutating func add(_ run: Activations) {
    if let classification = network.classification(run) { classes.add(classification) }
  }

  public mutating func add(_ other: Votes) { classes.add(other.classes) }
}
