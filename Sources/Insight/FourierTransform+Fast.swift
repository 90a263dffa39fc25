import TensorCore

/// The power of maps of any size by fast transforms of their rows and columns. Rows are real, so two go
/// through one transform, as the real and the imaginary part.
final class FastPower {
  private let h, w: Int
  private let rows: FastTransform
  private let columns: FastTransform

  init(h: Int, w: Int) {
    (self.h, self.w) = (h, w)
    rows = FastTransform(w)
    columns = h == w ? rows : FastTransform(h)
  }

  /// Adds |X|² of each frequency of a map of h·w values to the sum of its bin.
  func addPower(of map: UnsafePointer<Float>, bins: [Int32], to sums: inout [Double]) {
    // The half of the columns whose conjugates are the other half.
    let half = w / 2 + 1
    var spectra = [Double](repeating: 0, count: 2 * h * half)
    var pair = [Double](repeating: 0, count: 2 * w)
    for y in stride(from: 0, to: h, by: 2) {
      let isPair = y + 1 < h
      for x in 0..<w {
        pair[2 * x] = Double(map[y * w + x])
        pair[2 * x + 1] = isPair ? Double(map[(y + 1) * w + x]) : 0
      }
      let both = rows.transformed(pair)
      for k in 0..<half {
        let mirror = k == 0 ? 0 : w - k
        let (r, i, mr, mi) = (
          both[2 * k], both[2 * k + 1], both[2 * mirror], both[2 * mirror + 1]
        )
        let at = 2 * (k * h + y)
        (spectra[at], spectra[at + 1]) = ((r + mr) / 2, (i - mi) / 2)
        if isPair { (spectra[at + 2], spectra[at + 3]) = ((i + mi) / 2, (mr - r) / 2) }
      }
    }
    for k in 0..<half {
      let column = columns.transformed(Array(spectra[2 * k * h..<2 * (k + 1) * h]))
      let isOwnMirror = k == 0 || 2 * k == w
      for l in 0..<h {
        let (r, i) = (column[2 * l], column[2 * l + 1])
        let power = r * r + i * i
        sums[Int(bins[l * w + k])] += power
        // |X(−l, −k)|² is the same.
        if !isOwnMirror { sums[Int(bins[(l == 0 ? 0 : h - l) * w + w - k])] += power }
      }
    }
  }
}
