/// A rectangle of terminal cells: x counts columns from the left, y rows from the top.
public struct Rect: Hashable, Sendable {
  /// The leftmost column.
  public var x: Int
  /// The topmost row.
  public var y: Int
  /// Columns; never negative.
  public private(set) var width: Int
  /// Rows; never negative.
  public private(set) var height: Int

  /// A rectangle; negative sizes become 0.
  public init(x: Int = 0, y: Int = 0, width: Int, height: Int) {
    (self.x, self.y, self.width, self.height) = (x, y, max(0, width), max(0, height))
  }

  /// One column beyond the right edge.
  public var right: Int { x + width }
  /// One row beyond the bottom edge.
  public var bottom: Int { y + height }
  /// Whether it has no cell.
  public var isEmpty: Bool { width == 0 || height == 0 }

  /// Whether a cell lies inside.
  public func contains(x: Int, y: Int) -> Bool {
    (self.x..<right).contains(x) && (self.y..<bottom).contains(y)
  }

  /// The part that lies in both.
  public func intersection(_ other: Rect) -> Rect {
    let (left, top) = (max(x, other.x), max(y, other.y))
    return Rect(
      x: left, y: top, width: min(right, other.right) - left,
      height: min(bottom, other.bottom) - top)
  }

  /// Cuts `rows` from the top: that part, and what remains.
  public func splitTop(_ rows: Int) -> (top: Rect, rest: Rect) {
    let rows = min(max(0, rows), height)
    return (
      Rect(x: x, y: y, width: width, height: rows),
      Rect(x: x, y: y + rows, width: width, height: height - rows)
    )
  }

  /// Its lines from the top, each one row high.
  public var rows: [Rect] {
    (0..<height).map { Rect(x: x, y: y + $0, width: width, height: 1) }
  }

  /// So many parts beside each other, each as wide as the others, with `gap` columns between them; columns
  /// that remain stay free at the right.
  public func columns(_ count: Int, gap: Int = 1) -> [Rect] {
    let own = (width - gap * (count - 1)) / max(1, count)
    return (0..<count).map { Rect(x: x + $0 * (own + gap), y: y, width: own, height: height) }
  }

  /// Cuts `columns` from the left: that part, and what remains.
  public func splitLeft(_ columns: Int) -> (left: Rect, rest: Rect) {
    let columns = min(max(0, columns), width)
    return (
      Rect(x: x, y: y, width: columns, height: height),
      Rect(x: x + columns, y: y, width: width - columns, height: height)
    )
  }
}
