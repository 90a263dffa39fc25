public import TensorCore

/// Digits that this program draws itself, each in a hand of its own: form, rotation, slant, width,
/// size, place, thickness and an elastic distortion of the line. Labels go round from 0 to 9, so
/// that they are balanced; image `index` depends on the seed and the index alone.
public struct SyntheticDigits: LabelledImages {
  public let count: Int
  public let imageShape: Shape
  private let stream: RandomStream

  /// A set of digits.
  /// - Parameter imageShape: `[C,H,W]`; the digit is drawn as large as the shorter side allows, in
  ///   the middle, and the same in every channel
  public init(count: Int, seed: UInt64, imageShape: Shape = [1, Digit.size, Digit.size]) {
    precondition(count >= 0 && imageShape.rank == 3, "\(count) digits of \(imageShape)")
    (self.count, self.imageShape) = (count, imageShape)
    stream = RandomStream(seed: seed, site: RandomStream.site(named: "synthetic digits"))
  }

  public func label(_ index: Int) -> Int { index % 10 }

  public func write(_ index: Int, into out: UnsafeMutableBufferPointer<Float>) {
    let (height, width) = (imageShape[1], imageShape[2])
    let side = min(height, width)
    let ink = Digit.ink(label(index), style: .random(stream.ofSample(index)), size: side)
    let (top, left) = ((height - side) / 2, (width - side) / 2)
    out.update(repeating: 0)
    for channel in 0..<imageShape[0] {
      for y in 0..<side {
        let row = (channel * height + top + y) * width + left
        for x in 0..<side { out[row + x] = ink[y * side + x] }
      }
    }
  }
}
