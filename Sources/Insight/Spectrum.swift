public import Masks
public import TensorCore

/// The radially averaged power spectrum of maps: how much of them varies slowly, how much fast.
///
/// The power of a map is |X(k,l)|², X(k,l) = Σ x(i,j)·exp(−2πi·(ki/H + lj/W)), not normalised, so
/// that Parseval reads Σ|X|² = H·W·Σx². A frequency's radius is √((k/H)² + (l/W)²)·max(H,W) with k
/// and l folded to the nearer side of 0, rounded to a whole bin: waves across the longer side. A bin
/// holds the mean over its frequencies and over all maps.
public struct Spectrum: Equatable, Sendable {
  /// The mean power of each bin, from radius 0 (the map's mean) outwards.
  public let power: [Double]
  /// How many frequencies of a map each bin holds; 0 in narrow maps' bins that none falls into,
  /// whose power is 0.
  public let counts: [Int]

  /// The spectrum of all maps of an activation with the elements of `layout`.
  public init(_ x: Tensor, layout: Layout) {
    precondition(x.count == layout.count, "\(x.shape) as \(layout)")
    let maps = layout.n * layout.c
    guard maps > 0, layout.area > 0 else {
      (power, counts) = ([], [])
      return
    }
    let bins = Spectrum.bins(h: layout.h, w: layout.w)
    var sums = [Double](repeating: 0, count: Int(bins.max() ?? 0) + 1)
    var counts = [Int](repeating: 0, count: sums.count)
    for bin in bins { counts[Int(bin)] += 1 }
    let isLarge = max(layout.h, layout.w) > FourierTransform.mostSide
    let fast = isLarge ? FastPower(h: layout.h, w: layout.w) : nil
    let dense = isLarge ? nil : FourierTransform(h: layout.h, w: layout.w)
    layout.planar(x).withElements { x in
      for map in 0..<maps {
        let start = x.baseAddress! + map * layout.area
        fast?.addPower(of: start, bins: bins, to: &sums)
        dense?.addPower(of: start, bins: bins, to: &sums)
      }
    }
    power = zip(sums, counts).map { $1 > 0 ? $0 / Double($1 * maps) : 0 }
    self.counts = counts
  }

  /// The mean power over the frequencies of some bins; 0 where they hold none.
  public func mean(over bins: Range<Int>) -> Double {
    let count = bins.reduce(0) { $0 + counts[$1] }
    let sum = bins.reduce(0.0) { $0 + power[$1] * Double(counts[$1]) }
    return count > 0 ? sum / Double(count) : 0
  }

  /// The flat floor that dropping elements one by one adds to every frequency of a map, in
  /// expectation: p/(1−p)·Σx² for inverted scaling, p·(1−p)·Σx² where training rescales nothing,
  /// averaged over the maps. It follows from the variance of each value, s²·x²·p·(1−p), and from
  /// their independence. 0 at p = 1, where nothing is left to vary.
  public static func noiseFloor(
    _ x: Tensor, layout: Layout, rate: Rate, scaling: Scaling = .inverted
  ) -> Double {
    guard rate.p < 1 else { return 0 }
    let maps = Double(max(1, layout.n * layout.c))
    let energy = x.withElements { $0.reduce(0.0) { $0 + Double($1) * Double($1) } }
    let odds = scaling == .inverted ? rate.p / rate.keep : rate.p * rate.keep
    return odds * energy / maps
  }

  /// The bin of each frequency, row by row.
  private static func bins(h: Int, w: Int) -> [Int32] {
    let side = Double(max(h, w))
    func folded(_ k: Int, _ size: Int) -> Double { Double(min(k, size - k)) / Double(size) }
    var bins: [Int32] = []
    bins.reserveCapacity(h * w)
    for k in 0..<h {
      for l in 0..<w {
        let (y, x) = (folded(k, h), folded(l, w))
        bins.append(Int32(((y * y + x * x).squareRoot() * side).rounded()))
      }
    }
    return bins
  }
}
