import TensorCore

/// One cell of a pooling: the cells of its window, and what is taken of them.
public struct PoolWindow: Equatable, Sendable {
  /// What is taken.
  public enum Rule: Equatable, Sendable {
    /// The largest cell.
    case largest
    /// The sum divided by a number of cells.
    case mean(of: Int)
  }

  /// The most cells that are listed one by one.
  public static let mostListed = 4096

  /// The name of the value that is pooled.
  public let input: String
  /// The channel of it.
  public let channel: Int
  /// Rows of the window.
  public let rows: Int
  /// Columns of the window.
  public let columns: Int
  /// The row of the window's first cell; may lie in the padding.
  public let top: Int
  /// The column of the window's first cell; may lie in the padding.
  public let left: Int
  /// Its cells, row by row, nil in the padding; empty beyond `mostListed`.
  public let cells: [Float?]
  /// How many of them lie inside the input.
  public let inside: Int
  /// What is taken of them.
  public let rule: Rule
  /// What the cell is.
  public let total: Double
  /// The sum of the sizes of what was added; of a maximum its own size.
  public let magnitude: Double

  /// A window over the map of `x` that starts at `map`.
  init(
    _ node: Node, _ x: Tensor, map: Int, size: Window.Pair, channel: Int, over window: Window,
    at cell: Window.Pair, rule: (Int) -> Rule
  ) {
    (input, self.channel) = (node.inputs.first ?? "", channel)
    (rows, columns) = (window.kernel.h, window.kernel.w)
    let top = cell.h * window.stride.h - window.padBefore.h
    let left = cell.w * window.stride.w - window.padBefore.w
    (self.top, self.left) = (top, left)
    let inRows = PoolWindow.taps(rows, from: top, by: window.dilation.h, inside: 0..<size.h)
    let inColumns = PoolWindow.taps(columns, from: left, by: window.dilation.w, inside: 0..<size.w)
    var (largest, sum, sizes) = (-Double.infinity, 0.0, 0.0)
    func offset(_ k: Int, _ l: Int) -> Int {
      map + (top + k * window.dilation.h) * size.w + left + l * window.dilation.w
    }
    for k in inRows {
      for l in inColumns {
        let value = Double(x[offset(k, l)])
        largest = value.isNaN || largest.isNaN ? .nan : max(largest, value)
        sum += value
        sizes += abs(value)
      }
    }
    inside = inRows.count * inColumns.count
    self.rule = rule(inside)
    switch self.rule {
    case .largest: (total, magnitude) = (largest, abs(largest))
    case .mean(let count):
      (total, magnitude) = (sum / Double(max(1, count)), sizes / Double(max(1, count)))
    }
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count <= PoolWindow.mostListed else {
      cells = []
      return
    }
    cells = (0..<count).map { tap in
      let (k, l) = tap.quotientAndRemainder(dividingBy: window.kernel.w)
      return inRows.contains(k) && inColumns.contains(l) ? x[offset(k, l)] : nil
    }
  }

  /// The taps that meet cells inside `cells`, worked out: a window may be far larger than its input.
  static func taps(
    _ count: Int, from start: Int, by dilation: Int, inside cells: Range<Int>
  ) -> Range<Int> {
    func taps(below cell: Int) -> Int {
      cell <= start ? 0 : min(count, (cell - start + dilation - 1) / dilation)
    }
    return taps(below: cells.lowerBound)..<taps(below: cells.upperBound)
  }
}
