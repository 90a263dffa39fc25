public import TensorCore

/// Samples and what a network should make of each: what it learns from.
public protocol Dataset: Sendable {
  /// How many samples there are.
  var count: Int { get }
  /// What a loss is the mean over, in the plural: `images`, `tokens`.
  var unit: String { get }

  /// Samples in the order of their indices, as the network takes them. The same indices give the same
  /// numbers whatever the number of threads.
  /// - Throws: `TensorError` where samples cannot be made what the network takes.
  func batch(_ indices: [Int]) throws -> Batch

  /// The samples as an epoch sees them: images moved by up to so many pixels. Others stay as they are.
  func shifted(by most: Int, seed: UInt64, epoch: Int) -> any Dataset
}

extension Dataset {
  public func shifted(by most: Int, seed: UInt64, epoch: Int) -> any Dataset { self }
}

/// Images as a network takes them, normalised, and as rows where it is dense; with their labels or, where
/// it is to give them back, with themselves.
public struct PreparedImages: Dataset {
  /// The images as they are, 0…1.
  public let images: any LabelledImages
  private let reconstructs: Bool
  private let prepare: @Sendable (Tensor) throws -> Tensor

  /// Images and what makes batches `[N,C,H,W]` of them what the network takes.
  /// - Parameter reconstructs: whether the images, as they are, are what should come of them
  public init(
    _ images: any LabelledImages, reconstructs: Bool = false,
    prepare: @escaping @Sendable (Tensor) throws -> Tensor = { $0 }
  ) {
    (self.images, self.reconstructs, self.prepare) = (images, reconstructs, prepare)
  }

  public var count: Int { images.count }
  public var unit: String { "images" }

  public func batch(_ indices: [Int]) throws -> Batch {
    let own = images.images(indices)
    return Batch(
      try prepare(own), reconstructs ? .values(own) : .labels(images.labels(indices)))
  }

  public func shifted(by most: Int, seed: UInt64, epoch: Int) -> any Dataset {
    guard most > 0 else { return self }
    return PreparedImages(
      ShiftedImages(images, by: most, seed: seed, epoch: epoch), reconstructs: reconstructs,
      prepare: prepare)
  }
}
