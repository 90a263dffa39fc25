public import TensorCore

/// The flat picture of an activation that a map pane shows: one channel of a feature map, or all
/// features of a dense layer folded into rows.
public struct Plane: Equatable, Sendable {
  /// Rows of cells.
  public let rows: Int
  /// Columns of cells.
  public let columns: Int
  private let start: Int
  private let count: Int

  /// The picture of one channel of the first sample.
  public init(_ layout: Layout, channel: Int) {
    if Plane.isVector(layout) {
      // About square, and never wider than a pane of the smallest screen.
      let side = Int(Double(layout.c).squareRoot().rounded(.up))
      columns = min(layout.c, max(min(side, 26), min(layout.c, 10)))
      rows = (layout.c + columns - 1) / columns
      (start, count) = (0, layout.c)
    } else {
      (rows, columns) = (layout.h, layout.w)
      (start, count) = (min(max(0, channel), layout.c - 1) * layout.area, layout.area)
    }
  }

  /// Whether a layer has no maps, only features, so that all are shown at once.
  public static func isVector(_ layout: Layout) -> Bool { layout.area == 1 }

  /// The row-major offset of a cell in the activation; nil beyond the last feature or outside.
  public func offset(y: Int, x: Int) -> Int? {
    guard (0..<rows).contains(y), (0..<columns).contains(x) else { return nil }
    let index = y * columns + x
    return index < count ? start + index : nil
  }

  /// The offsets shown, in order.
  public var offsets: Range<Int> { start..<start + count }

  /// The channel, row and column of an offset, for messages and the cursor.
  public static func coordinates(_ offset: Int, in layout: Layout) -> (c: Int, y: Int, x: Int) {
    (offset / layout.area % layout.c, offset % layout.area / layout.w, offset % layout.w)
  }
}
