public import TensorCore

/// One square of the input, the same for all channels of a sample: DeVries and Taylor 2017, Cutout
/// (arXiv:1708.04552). An augmentation of the data: values outside are not rescaled.
///
/// The side follows from the rate, √(p·H·W) rounded, so that the square has the area p·H·W. Where
/// that is longer than a side of the map, the square becomes a rectangle as long as the map there.
/// It lies around a centre drawn from the field and is moved to lie inside, where DeVries lets it
/// hang over the border and so remove less; squares of the same centre are nested.
///
/// Maps are those of axes called row and column, or of single cells.
public struct CutoutDropout: DropoutKind {
  /// The kind; it has no settings.
  public init() {}
  public let name = "cutout"
  public let summary = "one square of the input, an augmentation (DeVries 2017)"
  public let target = Target.input
  public let takesScaling = false

  /// One uniform a sample: cell ⌊u·H·W⌋ is the centre.
  /// - Throws: `TensorError` where a map has neither rows nor columns.
  public func units(of layout: Layout) throws(TensorError) -> Layout {
    try layout.expectRowsOrColumns(for: name)
    return layout.sharing(allBut: .sample)
  }

  /// Rows and columns of the cut for a rate.
  public static func size(rate: Rate, layout: Layout) -> (h: Int, w: Int) {
    let area = rate.p * Double(layout.area)
    let side = area.squareRoot()
    let short = min(layout.h, layout.w)
    guard side > Double(short) else {
      let cells = Int(side.rounded())
      return (cells, cells)
    }
    let long = Int((area / Double(short)).rounded())
    return layout.h <= layout.w ? (short, long) : (long, short)
  }

  public func mask(_ field: Field, rate: Rate, layout: Layout) throws(TensorError) -> Mask {
    let size = CutoutDropout.size(rate: rate, layout: layout)
    return Mask(layout: layout, squareOf: field) { cy, cx in
      let top = min(max(0, cy - size.h / 2), layout.h - size.h)
      let left = min(max(0, cx - size.w / 2), layout.w - size.w)
      return (top..<top + size.h, left..<left + size.w)
    }
  }

  /// What is outside stays as it is.
  public func transfer(rate: Rate, scaling: Scaling, mask: Mask) -> [Transfer] { [Transfer()] }

  /// Always the square's share of the map.
  public func realisedLaw(rate: Rate, layout: Layout) throws(TensorError) -> RealisedLaw {
    try layout.expectRowsOrColumns(for: name)
    guard layout.area > 0 else { return RealisedLaw(always: 0) }
    let size = CutoutDropout.size(rate: rate, layout: layout)
    return RealisedLaw(always: Double(size.h * size.w) / Double(layout.area))
  }

  /// `cutout 18×18 (input augmentation)`
  public func settings(rate: Rate, layout: Layout) -> String {
    let size = CutoutDropout.size(rate: rate, layout: layout)
    return "\(name) \(size.h)×\(size.w) (input augmentation)"
  }
}

extension Mask {
  /// Rectangles are dropped, for each sample the same in all maps: `cut` tells its rows and columns from
  /// the centre, cell ⌊u·H·W⌋ of a map.
  init(
    layout: Layout, squareOf field: Field,
    _ cut: (_ row: Int, _ column: Int) -> (rows: Range<Int>, columns: Range<Int>)
  ) {
    guard layout.count > 0 else {
      self.init(layout: layout)
      return
    }
    let kept = NDArray<Bool>(layout.shape) { kept in
      kept.initialize(repeating: true)
      for n in 0..<layout.n {
        let centre = Int(Double(field.u[n]) * Double(layout.area))
        let (rows, columns) = cut(centre / layout.w, centre % layout.w)
        for c in 0..<layout.c {
          for y in rows {
            let start = layout.offset(n: n, c: c, y: y, x: 0)
            for x in columns { kept[start + x * layout.steps.x] = false }
          }
        }
      }
    }
    self.init(layout: layout, kept: kept)
  }
}
