internal import CFourier
import Glibc

/// The discrete Fourier transform of one length in O(n log n), any n: by KISS FFT where n has small
/// factors only, else as a convolution of a length that has (L. I. Bluestein, "A linear filtering
/// approach to the computation of discrete Fourier transform", 1970), since the library's time grows
/// with the square of the largest factor.
public final class FastTransform {
  /// How many values are transformed.
  public let n: Int
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

  /// Transforms of n values, 1 or more.
  public init(_ n: Int) {
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
  public func transformed(_ x: [Double]) -> [Double] {
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
