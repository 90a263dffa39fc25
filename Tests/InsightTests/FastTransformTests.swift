import Foundation
import TensorCore
import Testing
import TestSupport

@testable import Insight

/// The fast transforms against the sum that defines them, in double precision.
@Suite struct FastTransformTests {
  private func numbers(_ count: Int, seed: UInt64) -> [Double] {
    let stream = RandomStream(seed: seed)
    return (0..<count).map { Double(stream.uniform(at: $0)) * 2 - 1 }
  }

  /// One-dimensional lengths of every sort: one, powers, small factors, primes, large prime factors.
  @Test(arguments: [
    1, 2, 3, 4, 5, 7, 8, 13, 16, 30, 97, 100, 127, 128, 211, 243, 256, 509, 1022, 1201,
  ])
  func isTheSum(n: Int) {
    let x = numbers(2 * n, seed: UInt64(n))
    let found = FastTransform(n).transformed(x)
    let size = (x.reduce(0) { $0 + $1 * $1 } * Double(n)).squareRoot()
    for k in 0..<n {
      var (real, imaginary) = (0.0, 0.0)
      for j in 0..<n {
        let angle = -2 * Double.pi * Double(j * k % n) / Double(n)
        let (c, s) = (cos(angle), sin(angle))
        real += x[2 * j] * c - x[2 * j + 1] * s
        imaginary += x[2 * j] * s + x[2 * j + 1] * c
      }
      #expect(
        abs(found[2 * k] - real) < 1e-12 * size && abs(found[2 * k + 1] - imaginary) < 1e-12 * size,
        "frequency \(k) of \(n)")
    }
  }

  /// Maps of even, odd and prime sides, of one row and of one column, against the dense way: which is
  /// single precision, so that a bin of a smooth map agrees to about 10⁻⁶.
  @Test(arguments: [
    [1, 1], [1, 2], [2, 1], [1, 29], [29, 1], [2, 2], [3, 3], [8, 8], [7, 10], [10, 7], [13, 31],
    [32, 48], [97, 5], [1, 211], [131, 3], [128, 128],
  ])
  func isTheDenseWay(size: [Int]) {
    let (h, w) = (size[0], size[1])
    let map = numbers(h * w, seed: UInt64(100 * h + w)).map { Float($0) }
    let bins = (0..<h * w).map { Int32($0) }
    var (fast, dense) = (
      [Double](repeating: 0, count: h * w), [Double](repeating: 0, count: h * w)
    )
    map.withUnsafeBufferPointer {
      FastPower(h: h, w: w).addPower(of: $0.baseAddress!, bins: bins, to: &fast)
      FourierTransform(h: h, w: w).addPower(of: $0.baseAddress!, bins: bins, to: &dense)
    }
    let energy = map.reduce(0.0) { $0 + Double($1) * Double($1) }
    // Parseval: nothing is lost or counted twice.
    #expect(abs(fast.reduce(0, +) / (Double(h * w) * energy) - 1) < 1e-12)
    for place in fast.indices {
      #expect(
        abs(fast[place] - dense[place]) < 1e-6 * energy * Double(max(h, w)).squareRoot(),
        "frequency \(place) of \(h)×\(w)")
    }
  }

  /// A spectrum of maps larger than the dense way is used for has the values it would give.
  @Test func aLargeMapsSpectrumIsTheSame() {
    let layout = Layout(n: 1, c: 2, h: 130, w: 45)
    let x = Tensor(layout.shape, numbers(layout.count, seed: 3).map { Float($0) + 0.3 })
    let spectrum = Spectrum(x, layout: layout)
    var sums = [Double](repeating: 0, count: spectrum.power.count)
    let side = 130.0
    var bins: [Int32] = []
    for k in 0..<130 {
      for l in 0..<45 {
        let (y, x) = (Double(min(k, 130 - k)) / 130, Double(min(l, 45 - l)) / 45)
        bins.append(Int32(((y * y + x * x).squareRoot() * side).rounded()))
      }
    }
    x.withElements {
      for map in 0..<2 {
        FourierTransform(h: 130, w: 45).addPower(
          of: $0.baseAddress! + map * 130 * 45, bins: bins, to: &sums)
      }
    }
    for (bin, count) in spectrum.counts.enumerated() where count > 0 {
      let dense = sums[bin] / Double(2 * count)
      #expect(abs(spectrum.power[bin] - dense) < 1e-5 * dense, "bin \(bin)")
    }
  }

  /// What took 14 seconds and 3.3 GB, and a length that is prime.
  @Test(arguments: [20_000, 20_011]) func longRowsAreQuick(width: Int) {
    let layout = Layout(n: 1, c: 1, h: 1, w: width)
    let x = Tensor(layout.shape, numbers(width, seed: 1).map { Float($0) })
    let start = ContinuousClock.now
    let spectrum = Spectrum(x, layout: layout)
    #expect(ContinuousClock.now - start < .seconds(2))
    #expect(spectrum.counts.reduce(0, +) == width)
  }
}
