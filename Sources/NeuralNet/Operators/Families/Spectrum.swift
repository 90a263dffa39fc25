import TensorCore

/// Transforms of one length, forth and back, of rows of complex numbers: pairs of a real and an imaginary
/// part.
struct Spectrum {
  let length: Int
  private let transform: FastTransform

  init(_ length: Int) { (self.length, transform) = (length, FastTransform(length)) }

  /// Σⱼ xⱼ·e^∓2πi·jk/n for each k; nothing is divided by.
  func sums(_ x: [Double], isInverse: Bool) -> [Double] {
    guard isInverse else { return transform.transformed(x) }
    return Spectrum.conjugate(transform.transformed(Spectrum.conjugate(x)))
  }

  private static func conjugate(_ x: [Double]) -> [Double] {
    x.indices.map { $0 % 2 == 0 ? x[$0] : -x[$0] }
  }

  /// Bytes that a transform of a length takes while it runs: Bluestein's longer ones too.
  static func bytes(_ length: Int) -> Int {
    length.saturatingMultiplied(by: 16 * MemoryLayout<Double>.stride)
  }
}
