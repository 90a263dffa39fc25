import Glibc
import TensorCore

/// The discrete Fourier transform of one real map by two matrix products: most maps are small, and a
/// matrix product is what this program has the fastest code for. Larger ones go through `FastPower`.
struct FourierTransform {
  /// The longest side that is worth it: measured, both ways take as long for maps of about this size.
  static let mostSide = 128

  private let h, w: Int
  /// Row frequencies that are made: a real map's other half mirrors them.
  private let half: Int
  /// cos 2πki/h of these over sin 2πki/h, [2·half, h]; cos 2πlj/w beside sin 2πlj/w, [w, 2·w].
  private let rows, columns: [Float]

  init(h: Int, w: Int) {
    (self.h, self.w, half) = (h, w, h / 2 + 1)
    let (down, across) = (FourierTransform.roots(h), FourierTransform.roots(w))
    let (half, n) = (half, 2 * w)
    rows = (0..<2 * half * h).map { at in
      let (k, i) = (at / h % half, at % h)
      return at / h < half ? down.cos[k * i % h] : down.sin[k * i % h]
    }
    columns = (0..<w * n).map { at in
      let (j, l) = (at / n, at % w)
      return at % n < w ? across.cos[j * l % w] : across.sin[j * l % w]
    }
  }

  /// The n-th roots of unity once; a product of indices only picks among them.
  private static func roots(_ n: Int) -> (cos: [Float], sin: [Float]) {
    let angles = (0..<n).map { 2 * Double.pi * Double($0) / Double(n) }
    return (angles.map { Float(cos($0)) }, angles.map { Float(sin($0)) })
  }

  /// Adds |X|² of each frequency of a map of h·w values to the sum of its bin.
  func addPower(of map: UnsafePointer<Float>, bins: [Int32], to sums: inout [Double]) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 6 * half * w) { scratch in
      let down = scratch.baseAddress!
      let both = down + 2 * half * w
      // Along the rows: [C; S]·x = [R; I].
      MatrixProduct.sgemm(m: 2 * half, n: w, k: h, a: rows, lda: h, b: map, ldb: w, c: down, ldc: w)
      // Along the columns: [R; I]·[C S].
      MatrixProduct.sgemm(
        m: 2 * half, n: 2 * w, k: w, a: down, lda: w, b: columns, ldb: 2 * w, c: both, ldc: 2 * w)
      for k in 0..<half {
        let (real, imaginary) = (both + k * 2 * w, both + (half + k) * 2 * w)
        let isMirrored = k != 0 && 2 * k != h
        for l in 0..<w {
          // (R − iI)(C − iS) = (RC − IS) − i(RS + IC).
          let a = Double(real[l]) - Double(imaginary[w + l])
          let b = Double(real[w + l]) + Double(imaginary[l])
          let power = a * a + b * b
          sums[Int(bins[k * w + l])] += power
          if isMirrored { sums[Int(bins[(h - k) * w + (l == 0 ? 0 : w - l)])] += power }
        }
      }
    }
  }
}
