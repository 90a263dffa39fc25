import TensorCore

/// Discs and rings of several brightnesses on noise, and the mask of what belongs to them: what a network
/// for segmentation learns from. Image `index` depends on the seed and the index alone.
///
/// Two to five shapes an image, of 4 to 12 pixels' radius, .3 to .9 bright; a ring is 2 to 4 pixels wide.
/// Noise is normal with a deviation of .25; the image is not cut to 0…1.
public struct DiscsAndRings: Dataset {
  /// Rows, and columns, of an image.
  public static let size = 64

  public let count: Int
  public var unit: String { "images" }
  private let stream: RandomStream

  /// So many images from a seed.
  public init(count: Int, seed: UInt64) {
    precondition(count >= 0, "\(count) images")
    self.count = count
    stream = RandomStream(seed: seed, site: RandomStream.site(named: "discs and rings"))
  }

  /// Images `[N,1,64,64]` and masks of 0 and 1 in the same shape.
  public func batch(_ indices: [Int]) -> Batch {
    let each = DiscsAndRings.size * DiscsAndRings.size
    let shape = Shape([indices.count, 1, DiscsAndRings.size, DiscsAndRings.size])
    var masks = Tensor(shape, repeating: 0)
    let images = masks.withMutableElements { masks in
      nonisolated(unsafe) let masks = masks
      return Tensor(shape) { images in
        nonisolated(unsafe) let images = images
        Parallel.run(tasks: indices.count) { n in
          let cells = n * each..<(n + 1) * each
          draw(
            indices[n], UnsafeMutableBufferPointer(rebasing: images[cells]),
            UnsafeMutableBufferPointer(rebasing: masks[cells]))
        }
      }
    }
    return Batch(images, .values(masks))
  }

  private struct Figure {
    var x: Float
    var y: Float
    var radius: Float
    /// The radius of what is left out of the middle; less than 0 for a disc.
    var hole: Float
    var brightness: Float

    func contains(_ column: Int, _ row: Int) -> Bool {
      let (dx, dy) = (Float(column) + 0.5 - x, Float(row) + 0.5 - y)
      let distance = (dx * dx + dy * dy).squareRoot()
      return distance <= radius && distance >= hole
    }
  }

  private func draw(
    _ index: Int, _ image: UnsafeMutableBufferPointer<Float>,
    _ mask: UnsafeMutableBufferPointer<Float>
  ) {
    let own = stream.ofSample(index)
    let size = DiscsAndRings.size
    let shapes = (0..<2 + Int(own.word(at: 0) % 4)).map { number in
      let numbers = (1...6).map { own.uniform(at: 8 * number + $0) }
      let radius = 4 + 8 * numbers[2]
      return Figure(
        x: Float(size) * numbers[0], y: Float(size) * numbers[1], radius: radius,
        hole: numbers[3] < 0.5 ? -1 : radius - 2 - 2 * numbers[4],
        brightness: 0.3 + 0.6 * numbers[5])
    }
    for cell in 0..<size * size {
      let (row, column) = cell.quotientAndRemainder(dividingBy: size)
      let top = shapes.last { $0.contains(column, row) }
      mask[cell] = top == nil ? 0 : 1
      // In the middle of the 2²⁴ steps, where a quantile is finite.
      let noise = Normal.quantile(Double(own.uniform(at: 64 + cell)) + 0x1p-25)
      image[cell] = (top?.brightness ?? 0) + 0.25 * Float(noise)
    }
  }
}
