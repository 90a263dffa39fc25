/// Where two buffers differ, as runs of cells in reading order.
public struct BufferDiff: Equatable, Sendable {
  /// Cells side by side in one row.
  public struct Stretch: Hashable, Sendable {
    /// The row.
    public var y: Int
    /// The columns.
    public var columns: Range<Int>
    /// A run of cells.
    public init(y: Int, columns: Range<Int>) { (self.y, self.columns) = (y, columns) }
  }

  /// The runs, top to bottom and left to right.
  public private(set) var runs: [Stretch] = []

  /// What must be drawn where `old` is shown and `new` is wanted: all of `new` where the sizes
  /// differ or nothing is shown. Runs with at most `gap` equal cells between them become one, since
  /// moving a terminal's cursor costs about as much as writing a few cells.
  /// - Complexity: O(cells).
  public init(from old: Buffer?, to new: Buffer, joining gap: Int = 0) {
    let old = old.flatMap { $0.area == new.area ? $0 : nil }
    for y in 0..<new.height {
      guard let old else {
        if new.width > 0 { runs.append(Stretch(y: y, columns: 0..<new.width)) }
        continue
      }
      let row = y * new.width
      var start: Int?
      var end = 0
      for x in 0..<new.width where old.cells[row + x] != new.cells[row + x] {
        if let first = start, x - end > gap {
          runs.append(Stretch(y: y, columns: first..<end))
          start = x
        }
        if start == nil { start = x }
        end = x + 1
      }
      if let start { runs.append(Stretch(y: y, columns: start..<end)) }
    }
  }

  /// Whether the buffers show the same.
  public var isEmpty: Bool { runs.isEmpty }
  /// The number of cells in all runs.
  public var cellCount: Int { runs.reduce(0) { $0 + $1.columns.count } }
}
