import TensorCore

/// Cutout as DeVries and Taylor 2017 have it: the square lies around its centre and is cut off where it
/// leaves the map, so that less is gone than the rate says.
struct HangingCutout: DropoutKind {
  let name = "cutout"
  let summary = "one square of the input that may hang over the border (DeVries 2017)"
  let target = Target.input
  let takesScaling = false

  func units(of layout: Layout) throws(TensorError) -> Layout {
    try CutoutDropout().units(of: layout)
  }

  /// The side of the square: that of a square of the rate's share of the map.
  private func side(_ rate: Rate, _ layout: Layout) -> Int {
    Int((rate.p * Double(layout.area)).squareRoot().rounded())
  }

  /// The cells along an axis that a square around one of them takes.
  private func cut(_ centre: Int, side: Int, size: Int) -> Range<Int> {
    let start = centre - side / 2
    return max(0, start)..<max(max(0, start), min(size, start + side))
  }

  func mask(_ field: Field, rate: Rate, layout: Layout) throws(TensorError) -> Mask {
    let side = side(rate, layout)
    return Mask(layout: layout, squareOf: field) { row, column in
      (cut(row, side: side, size: layout.h), cut(column, side: side, size: layout.w))
    }
  }

  /// What is outside stays as it is.
  func transfer(rate: Rate, scaling: Scaling, mask: Mask) -> [Transfer] { [Transfer()] }

  /// Exact for one sample: every cell is as likely a centre as any other. The band of several takes
  /// their mean as normally distributed.
  func realisedLaw(rate: Rate, layout: Layout) throws(TensorError) -> RealisedLaw {
    try layout.expectRowsOrColumns(for: name)
    guard layout.count > 0 else { return RealisedLaw(always: 0) }
    let side = side(rate, layout)
    func lengths(_ size: Int) -> [Int: Int] {
      (0..<size).reduce(into: [:]) {
        $0[cut($1, side: side, size: size).count, default: 0] += 1
      }
    }
    var centres: [Int: Int] = [:]
    for (height, rows) in lengths(layout.h) {
      for (width, columns) in lengths(layout.w) {
        centres[height * width, default: 0] += rows * columns
      }
    }
    let area = Double(layout.area)
    // In one order: the same bits in every run.
    let sorted = centres.sorted { $0.key < $1.key }
    let mean = sorted.reduce(0) { $0 + Double($1.key) * Double($1.value) } / (area * area)
    let square = sorted.reduce(0) {
      let share = Double($1.key) / area
      return $0 + share * share * Double($1.value) / area
    }
    let deviation = (max(0, square - mean * mean) / Double(layout.n)).squareRoot()
    guard layout.n == 1 else { return RealisedLaw(mean: mean, deviation: deviation) }
    func least(_ probability: Double) -> Double {
      var sum = 0
      for (cells, centres) in sorted {
        sum += centres
        if Double(sum) >= probability * area { return Double(cells) / area }
      }
      return Double(sorted.last?.key ?? 0) / area
    }
    return RealisedLaw(
      mean: mean, deviation: deviation, band: least(0.025)...least(0.975), isExact: true)
  }

  /// `cutout 18×18 hanging over the border`
  func settings(rate: Rate, layout: Layout) -> String {
    let side = side(rate, layout)
    return "\(name) \(side)×\(side) hanging over the border"
  }
}
