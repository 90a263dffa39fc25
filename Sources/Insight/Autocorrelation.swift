public import TensorCore

/// Moran's I at lag 1 (P. A. P. Moran, "Notes on continuous stochastic phenomena", 1950): how much a
/// cell is like its 4-neighbours. For each map, with its own mean m and neighbour pairs counted both
/// ways,
///
///     I = (cells / pairs) · Σ over pairs (x_i − m)(x_j − m) / Σ over cells (x_i − m)²
///
/// and over several maps sums are taken before dividing. Near 1 on smooth maps, about
/// −1/(cells − 1) on white noise, −1 on a checkerboard.
/// - Returns: nil where no map varies or no cell has a neighbour.
public func autocorrelation(_ x: Tensor, layout: Layout) -> Double? {
  precondition(x.count == layout.count, "\(x.shape) as \(layout)")
  let (h, w) = (layout.h, layout.w)
  let pairs = 2 * ((h - 1) * w + h * (w - 1))
  guard layout.area > 1, pairs > 0 else { return nil }
  var (products, squares) = (0.0, 0.0)
  layout.planar(x).withElements { x in
    for map in stride(from: 0, to: x.count, by: layout.area) {
      var sum = 0.0
      for i in map..<map + layout.area { sum += Double(x[i]) }
      let mean = sum / Double(layout.area)
      for i in 0..<h {
        for j in 0..<w {
          let here = Double(x[map + i * w + j]) - mean
          squares += here * here
          if j + 1 < w { products += 2 * here * (Double(x[map + i * w + j + 1]) - mean) }
          if i + 1 < h { products += 2 * here * (Double(x[map + (i + 1) * w + j]) - mean) }
        }
      }
    }
  }
  guard squares > 0 else { return nil }
  return Double(layout.area) / Double(pairs) * products / squares
}
