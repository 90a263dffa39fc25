public import TensorCore

/// The flat picture of an activation that a map pane shows: one map of the first sample, or all features
/// of a dense layer folded into rows. Where in the activation a cell lies is the layout's business.
public struct Plane: Equatable, Sendable {
  /// Rows of cells.
  public let rows: Int
  /// Columns of cells.
  public let columns: Int
  private let count: Int
  /// The offset of the first cell, and the distances to the next in a row and in a column.
  private let (start, stepX, stepY): (Int, Int, Int)
  /// The offsets of folded features that do not lie at equal distances; else empty.
  private let scattered: [Int]
  private let isScattered: Bool

  /// The picture of one map of the first sample; the nearest there is for a number beyond them.
  public init(_ layout: Layout, channel: Int) {
    if layout.count == 0 {
      // Another axis than those shown may be the empty one.
      (rows, columns, count, start, stepX, stepY) = (0, 0, 0, 0, 1, 1)
      scattered = []
    } else if Plane.isVector(layout) {
      // About square, and never wider than a pane of the smallest screen.
      let side = Int(Double(layout.c).squareRoot().rounded(.up))
      columns = min(layout.c, max(min(side, 26), min(layout.c, 10)))
      rows = (layout.c + columns - 1) / columns
      count = layout.c
      stepX = layout.c > 1 ? layout.offset(n: 0, c: 1, y: 0, x: 0) : 1
      (start, stepY) = (0, columns * stepX)
      scattered =
        layout.channelAxes.count > 1
        ? (0..<layout.c).map { layout.offset(n: 0, c: $0, y: 0, x: 0) } : []
    } else {
      (rows, columns, count) = (layout.h, layout.w, layout.area)
      start = layout.offset(n: 0, c: max(0, min(channel, layout.c - 1)), y: 0, x: 0)
      (stepX, stepY) = layout.steps
      scattered = []
    }
    isScattered = !scattered.isEmpty
  }

  /// Whether a layer has no maps, only features, so that all are shown at once.
  public static func isVector(_ layout: Layout) -> Bool { layout.area == 1 }

  /// The row-major offset of a cell in the activation; nil beyond the last feature or outside.
  public func offset(y: Int, x: Int) -> Int? {
    guard (0..<rows).contains(y), (0..<columns).contains(x) else { return nil }
    let index = y * columns + x
    guard index < count else { return nil }
    return isScattered ? scattered[index] : start + y * stepY + x * stepX
  }

  /// Offsets at equal distances.
  struct Stretch {
    let start: Int
    let count: Int
    let step: Int
  }

  /// The offsets shown, row by row: all at once where they lie at equal distances.
  var runs: [Stretch] {
    if isScattered { return scattered.map { Stretch(start: $0, count: 1, step: 1) } }
    if stepY == columns * stepX { return [Stretch(start: start, count: count, step: stepX)] }
    return (0..<rows).map { row in
      Stretch(start: start + row * stepY, count: min(columns, count - row * columns), step: stepX)
    }
  }

  /// The offsets shown, row by row.
  public var offsets: Offsets { Offsets(plane: self) }

  /// Where in an activation the cells of a plane lie, row by row; the k-th is that of row
  /// k / columns and column k mod columns.
  public struct Offsets: RandomAccessCollection, Sendable {
    let plane: Plane

    public var startIndex: Int { 0 }
    public var endIndex: Int { plane.count }
    public subscript(position: Int) -> Int {
      if plane.isScattered { return plane.scattered[position] }
      if plane.stepY == plane.columns * plane.stepX { return plane.start + position * plane.stepX }
      let (y, x) = position.quotientAndRemainder(dividingBy: plane.columns)
      return plane.start + y * plane.stepY + x * plane.stepX
    }
  }
}

extension Layout {
  /// The index along an axis of the element at a row-major offset.
  func index(along axis: Int, at offset: Int) -> Int {
    let stride = shape.dims[(axis + 1)...].reduce(1, *)
    return offset / stride % shape[axis]
  }

  /// The map, row and column of the element at a row-major offset: what `offset(n:c:y:x:)` undoes.
  public func place(of offset: Int) -> (c: Int, y: Int, x: Int) {
    (
      channelAxes.reduce(0) { $0 * shape[$1] + index(along: $1, at: offset) },
      rowAxis.map { index(along: $0, at: offset) } ?? 0,
      columnAxis.map { index(along: $0, at: offset) } ?? 0
    )
  }
}
