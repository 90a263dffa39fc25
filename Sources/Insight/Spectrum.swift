public import TensorCore

/// The radially averaged power spectrum of maps: how much of them varies slowly, how much fast.
///
/// The power of a map is |X(k,l)|², X(k,l) = Σ x(i,j)·exp(−2πi·(ki/H + lj/W)), not normalised, so
/// that Parseval reads Σ|X|² = H·W·Σx². A frequency's radius is √((k/H)² + (l/W)²)·min(H,W) with k
/// and l folded to the nearer side of 0, rounded to a whole bin; a bin holds the mean over its
/// frequencies and over all maps.
public struct Spectrum: Equatable, Sendable {
  /// The mean power of each bin, from radius 0 (the map's mean) outwards.
  public let power: [Double]

  /// The spectrum of all maps of an activation with the elements of `layout`.
  public init(_ x: Tensor, layout: NCHW) {
    precondition(x.count == layout.count, "\(x.shape) as \(layout)")
    let maps = layout.n * layout.c
    guard maps > 0, layout.area > 0 else {
      power = []
      return
    }
    let bins = Spectrum.bins(h: layout.h, w: layout.w)
    var sums = [Double](repeating: 0, count: (bins.max() ?? 0) + 1)
    var counts = sums
    for bin in bins { counts[bin] += Double(maps) }
    let transform = FourierTransform(h: layout.h, w: layout.w)
    x.withElements { x in
      for map in 0..<maps {
        transform.addPower(of: x.baseAddress! + map * layout.area, bins: bins, to: &sums)
      }
    }
    power = zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
  }

  /// The flat floor that random sampling adds to every frequency of a map, in expectation: for
  /// inverted element-wise dropout p/(1−p)·Σx², averaged over the maps. It follows from the variance
  /// of each kept value, x²·p/(1−p), and from their independence.
  public static func noiseFloor(_ x: Tensor, layout: NCHW, rate p: Double) -> Double {
    let maps = Double(max(1, layout.n * layout.c))
    let energy = x.withElements { $0.reduce(0.0) { $0 + Double($1) * Double($1) } }
    return p < 1 ? p / (1 - p) * energy / maps : 0
  }

  /// The bin of each frequency, row by row.
  private static func bins(h: Int, w: Int) -> [Int] {
    let side = Double(min(h, w))
    func folded(_ k: Int, _ size: Int) -> Double { Double(min(k, size - k)) / Double(size) }
    var bins: [Int] = []
    for k in 0..<h {
      for l in 0..<w {
        let (y, x) = (folded(k, h), folded(l, w))
        bins.append(Int(((y * y + x * x).squareRoot() * side).rounded()))
      }
    }
    return bins
  }
}
