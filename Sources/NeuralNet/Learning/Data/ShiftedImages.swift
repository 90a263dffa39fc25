public import TensorCore

/// Images of a set, each moved a few whole pixels at random, so that a network cannot lean on where
/// things are; what moves in is 0. The same seed, epoch and image give the same move.
public struct ShiftedImages: LabelledImages {
  private let base: any LabelledImages
  private let most: Int
  private let stream: RandomStream

  /// Images moved by up to `most` pixels along each side, every distance as likely as any other.
  public init(_ base: any LabelledImages, by most: Int, seed: UInt64, epoch: Int) {
    precondition(most >= 0, "a move of \(most) pixels")
    (self.base, self.most) = (base, most)
    stream = RandomStream(
      seed: seed, site: RandomStream.site(named: "shift of images"),
      step: UInt32(truncatingIfNeeded: epoch))
  }

  public var count: Int { base.count }
  public var imageShape: Shape { base.imageShape }
  public func label(_ index: Int) -> Int { base.label(index) }

  public func write(_ index: Int, into out: UnsafeMutableBufferPointer<Float>) {
    let (right, down) = move(of: index)
    guard (right, down) != (0, 0) else { return base.write(index, into: out) }
    let (height, width) = (imageShape[1], imageShape[2])
    withUnsafeTemporaryAllocation(of: Float.self, capacity: out.count) { image in
      base.write(index, into: image)
      for row in 0..<imageShape[0] * height {
        let y = row % height - down
        for x in 0..<width {
          let isInside = (0..<height).contains(y) && (0..<width).contains(x - right)
          out[row * width + x] = isInside ? image[(row - down) * width + x - right] : 0
        }
      }
    }
  }

  /// How far an image goes to the right and down.
  private func move(of index: Int) -> (right: Int, down: Int) {
    let own = stream.ofSample(index)
    func distance(_ number: Int) -> Int {
      Int((UInt64(own.word(at: number)) * UInt64(2 * most + 1)) >> 32) - most
    }
    return (distance(0), distance(1))
  }
}
