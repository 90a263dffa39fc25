public import TensorCore

/// The flat picture of an activation that a map pane shows: one map of the first sample, or all features
/// of a dense layer folded into rows. Where in the activation a cell lies is the layout's business.
public struct Plane: Equatable, Sendable {
  /// Rows of cells.
  public let rows: Int
  /// Columns of cells.
  public let columns: Int
  private let layout: Layout
  private let channel: Int
  private let isFolded: Bool
  private let count: Int

  /// The picture of one map of the first sample; the nearest there is for a number beyond them.
  public init(_ layout: Layout, channel: Int) {
    self.layout = layout
    isFolded = Plane.isVector(layout)
    if isFolded {
      // About square, and never wider than a pane of the smallest screen.
      let side = Int(Double(layout.c).squareRoot().rounded(.up))
      columns = min(layout.c, max(min(side, 26), min(layout.c, 10)))
      rows = (layout.c + columns - 1) / columns
      (self.channel, count) = (0, layout.c)
    } else {
      (rows, columns) = (layout.h, layout.w)
      (self.channel, count) = (max(0, min(channel, layout.c - 1)), layout.area)
    }
  }

  /// Whether a layer has no maps, only features, so that all are shown at once.
  public static func isVector(_ layout: Layout) -> Bool { layout.area == 1 }

  /// The row-major offset of a cell in the activation; nil beyond the last feature or outside.
  public func offset(y: Int, x: Int) -> Int? {
    guard (0..<rows).contains(y), (0..<columns).contains(x) else { return nil }
    guard isFolded else { return layout.offset(n: 0, c: channel, y: y, x: x) }
    let index = y * columns + x
    return index < count ? layout.offset(n: 0, c: index, y: 0, x: 0) : nil
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
      let (layout, channel) = (plane.layout, plane.channel)
      return plane.isFolded
        ? layout.offset(n: 0, c: position, y: 0, x: 0)
        : layout.offset(n: 0, c: channel, y: position / layout.w, x: position % layout.w)
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
