import Masks
public import NeuralNet
public import TensorCore

/// Masks that accumulate: what survives, what the mean comes to, and what the network says of it.
///
/// It holds sums, so it takes as much memory after a million masks as after one.
public struct Ensemble: RunSum {
  /// The site that is looked at.
  public let site: String
  private let network: Network
  /// The name of the value that holds the logits, where there are any.
  private let logits: String?
  /// The site's clean value.
  private let clean: Tensor
  private var survivals: [Int32]
  private var values: [Double]
  /// How many masks.
  public private(set) var count = 0
  /// The classes; nil where the network's output is no vector of classes.
  public private(set) var classes: ClassSums?
  /// What is said of each place of a picture; nil where the output is no segmentation.
  public private(set) var segmentation: SegmentationSums?
  /// What is written; nil where the output is no text.
  public private(set) var text: TextSums?
  /// The error of the mean map after 1, 2, 4, … masks, as far as chunks of runs let it be seen.
  public private(set) var errors: [(count: Int, error: Double)] = []
  /// After how many masks every probability was known to ± .01 with 95 % confidence.
  public private(set) var settledAt: Int?

  /// What the network says in the one pass at evaluation that stands for all masks.
  public let weightScaling: Classification?

  /// An ensemble of nothing yet. The site must be a value of the clean run.
  /// - Parameters:
  ///   - evaluation: the run with its dropouts at evaluation; nil where that is the clean one
  ///   - truth: what is true of each place of a picture; nil where nobody said
  public init(
    _ network: Network, clean: Activations, site: String, evaluation: Activations? = nil,
    truth: [Bool]? = nil
  ) {
    (self.site, self.network, logits) = (site, network, network.logits)
    self.clean = clean.tensor(site) ?? Tensor([0], [])
    survivals = [Int32](repeating: 0, count: self.clean.count)
    values = [Double](repeating: 0, count: self.clean.count)
    weightScaling = network.classification(evaluation ?? clean)
    classes = weightScaling.map { ClassSums(classes: $0.logits.count) }
    segmentation = network.segmentation(clean).map { SegmentationSums(clean: $0, truth: truth) }
    text = network.writtenText(clean).map { TextSums(clean: $0) }
  }

  public mutating func add(_ run: Activations) {
    guard let value = run.tensor(site), value.count == values.count else { return }
    count += 1
    value.withElements { x in
      values.withUnsafeMutableBufferPointer { sums in
        for i in 0..<x.count { sums[i] += Double(x[i]) }
      }
    }
    if let mask = run.masks[site], mask.layout.count == survivals.count {
      mask.kept.withElements { kept in
        survivals.withUnsafeMutableBufferPointer { sums in
          for i in 0..<kept.count { sums[i] &+= kept[i] ? 1 : 0 }
        }
      }
    }
    if classes != nil, let tensor = logits.flatMap({ run.tensor($0) }),
      let said = Classification(logits: tensor)
    {
      classes?.add(said)
    }
    if segmentation != nil, let said = network.segmentation(run) { segmentation?.add(said) }
    if text != nil, let written = network.writtenText(run) { text?.add(written) }
  }

  public mutating func add(_ other: Ensemble) {
    count += other.count
    values.withUnsafeMutableBufferPointer { sums in
      for i in sums.indices { sums[i] += other.values[i] }
    }
    survivals.withUnsafeMutableBufferPointer { sums in
      for i in sums.indices { sums[i] += other.survivals[i] }
    }
    if let sums = other.classes { classes?.add(sums) }
    if let sums = other.segmentation { segmentation?.add(sums) }
    if let sums = other.text { text?.add(sums) }
    if count >= 2 * (errors.last?.count ?? 0), let error = meanError {
      errors.append((count, error))
    }
    if settledAt == nil, classes?.isSettled(to: 0.01) == true { settledAt = count }
  }

  /// How often each cell was kept, 0…1, in the site's shape: tends to keep = 1 − p.
  public var survival: Tensor {
    Tensor(clean.shape, survivals.map { Float($0) / Float(max(1, count)) })
  }

  /// The mean of the site over the masks: tends to the clean map where kept cells are scaled up.
  public var mean: Tensor {
    Tensor(clean.shape, values.map { Float($0 / Double(max(1, count))) })
  }

  /// |mean − clean| / |clean|, Euclidean norms: falls as 1/√T. Nil for nothing or an all-zero map.
  public var meanError: Double? {
    count == 0 ? nil : DownstreamEffect.change(from: clean, to: mean)
  }
}
