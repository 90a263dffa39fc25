import CFourier
import Glibc

/// The discrete Fourier transform of one length in O(n log n), any n: by KISS FFT where n has small
/// factors only, else as a convolution of a length that has (L. I. Bluestein, "A linear filtering
/// approach to the computation of discrete Fourier transform", 1970), since the library's time grows
/// with the square of the largest factor.
final class FastTransform {
  let n: Int
  private let plan: OpaquePointer
  private let chirp: Chirp?

  /// What a length with large factors needs: w(j) = exp(−πi·j²/n), and the transform of its conjugate
  /// wrapped around a length of only small factors.
  private struct Chirp {
    let length: Int
    let inverse: OpaquePointer
    let factors: [Double]
    let filter: [Double]
  }

  init(_ n: Int) {
    self.n = n
    guard FastTransform.hasSmallFactors(n) else {
      var length = 2 * n - 1
      while !FastTransform.hasSmallFactors(length) { length += 1 }
      let forward = FastTransform.plan(length, inverse: false)
      var factors = [Double](repeating: 0, count: 2 * n)
      for j in 0..<n {
        // j² only counts modulo 2n: a whole turn.
        let angle = Double.pi * Double(j * j % (2 * n)) / Double(n)
        (factors[2 * j], factors[2 * j + 1]) = (cos(angle), -sin(angle))
      }
      var wrapped = [Double](repeating: 0, count: 2 * length)
      for j in 0..<n {
        for place in j == 0 ? [0] : [j, length - j] {
          wrapped[2 * place] = factors[2 * j]
          wrapped[2 * place + 1] = -factors[2 * j + 1]
        }
      }
      var filter = [Double](repeating: 0, count: 2 * length)
      FastTransform.run(forward, wrapped, &filter)
      plan = forward
      chirp = Chirp(
        length: length, inverse: FastTransform.plan(length, inverse: true), factors: factors,
        filter: filter)
      return
    }
    plan = FastTransform.plan(n, inverse: false)
    chirp = nil
  }

  deinit {
    cfourier_free(plan)
    if let chirp { cfourier_free(chirp.inverse) }
  }

  /// The transform of n complex values: pairs of a real and an imaginary part.
  func transformed(_ x: [Double]) -> [Double] {
    precondition(x.count == 2 * n, "\(x.count / 2) values for a transform of \(n)")
    var y = [Double](repeating: 0, count: 2 * n)
    guard let chirp else {
      FastTransform.run(plan, x, &y)
      return y
    }
    var a = [Double](repeating: 0, count: 2 * chirp.length)
    FastTransform.multiply(x, chirp.factors, count: n, into: &a)
    var spectrum = [Double](repeating: 0, count: 2 * chirp.length)
    FastTransform.run(plan, a, &spectrum)
    FastTransform.multiply(spectrum, chirp.filter, count: chirp.length, into: &a)
    FastTransform.run(chirp.inverse, a, &spectrum)
    FastTransform.multiply(spectrum, chirp.factors, count: n, into: &y)
    for i in y.indices { y[i] /= Double(chirp.length) }
    return y
  }

  /// Products of complex numbers, one by one.
  private static func multiply(
    _ a: [Double], _ b: [Double], count: Int, into out: inout [Double]
  ) {
    for i in 0..<count {
      let (ar, ai, br, bi) = (a[2 * i], a[2 * i + 1], b[2 * i], b[2 * i + 1])
      (out[2 * i], out[2 * i + 1]) = (ar * br - ai * bi, ar * bi + ai * br)
    }
  }

  private static func hasSmallFactors(_ n: Int) -> Bool {
    var rest = n
    for factor in [2, 3, 5] { while rest % factor == 0 { rest /= factor } }
    return rest == 1
  }

  private static func plan(_ n: Int, inverse: Bool) -> OpaquePointer {
    guard let plan = cfourier_make(n, inverse ? 1 : 0) else {
      preconditionFailure("no memory for a transform of \(n)")
    }
    return plan
  }

  private static func run(_ plan: OpaquePointer, _ x: [Double], _ y: inout [Double]) {
    guard cfourier_run(plan, x, &y) != 0 else {
      preconditionFailure("no memory for a transform of \(x.count / 2)")
    }
  }
}

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
