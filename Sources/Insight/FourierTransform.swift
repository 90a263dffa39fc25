import Glibc
import TensorCore

/// The discrete Fourier transform of one real map by two matrix products: most maps are small, and a
/// matrix product is what this program has the fastest code for. Larger ones go through `FastPower`.
struct FourierTransform {
  /// The longest side that is worth it: measured, both ways take as long for maps of about this size.
  static let mostSide = 128

  private let h, w: Int
  /// cos and −sin of 2πkl/n, n×n, for rows and for columns.
  private let rows, columns: (cos: [Float], sin: [Float])

  init(h: Int, w: Int) {
    (self.h, self.w) = (h, w)
    rows = FourierTransform.wave(h)
    columns = h == w ? rows : FourierTransform.wave(w)
  }

  private static func wave(_ n: Int) -> (cos: [Float], sin: [Float]) {
    // The n-th roots of unity once; k·l only picks among them.
    let roots = (0..<n).map { 2 * Double.pi * Double($0) / Double(n) }
    let (c, s) = (roots.map { Float(cos($0)) }, roots.map { Float(-sin($0)) })
    var wave: (cos: [Float], sin: [Float]) = ([], [])
    for k in 0..<n {
      for l in 0..<n {
        wave.cos.append(c[k * l % n])
        wave.sin.append(s[k * l % n])
      }
    }
    return wave
  }

  /// Adds |X|² of each frequency of a map of h·w values to the sum of its bin.
  func addPower(of map: UnsafePointer<Float>, bins: [Int32], to sums: inout [Double]) {
    let area = h * w
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 4 * area) { scratch in
      let base = scratch.baseAddress!
      let (real, imaginary) = (base, base + area)
      let (outReal, outImaginary) = (base + 2 * area, base + 3 * area)
      // Along the columns: the map × the wave.
      multiply(map, columns.cos, into: real, m: h, n: w, k: w)
      multiply(map, columns.sin, into: imaginary, m: h, n: w, k: w)
      // Along the rows, complex: (C + iS)(R + iI) = (CR − SI) + i(CI + SR).
      multiply(rows.cos, real, into: outReal)
      multiply(rows.sin, imaginary, into: outReal, alpha: -1, beta: 1)
      multiply(rows.cos, imaginary, into: outImaginary)
      multiply(rows.sin, real, into: outImaginary, beta: 1)
      for i in 0..<area {
        let (a, b) = (Double(outReal[i]), Double(outImaginary[i]))
        sums[Int(bins[i])] += a * a + b * b
      }
    }
  }

  private func multiply(
    _ a: UnsafePointer<Float>, _ b: [Float], into c: UnsafeMutablePointer<Float>,
    m: Int, n: Int, k: Int
  ) {
    b.withUnsafeBufferPointer {
      MatrixProduct.sgemm(m: m, n: n, k: k, a: a, lda: k, b: $0.baseAddress!, ldb: n, c: c, ldc: n)
    }
  }

  private func multiply(
    _ a: [Float], _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    alpha: Float = 1, beta: Float = 0
  ) {
    a.withUnsafeBufferPointer {
      MatrixProduct.sgemm(
        m: h, n: w, k: h, alpha: alpha, a: $0.baseAddress!, lda: h, b: b, ldb: w, beta: beta,
        c: c, ldc: w)
    }
  }
}
