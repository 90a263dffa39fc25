public import TensorCore

/// One cell of a pooling: the cells of its window, and what is taken of them.
public struct PoolWindow: Equatable, Sendable {
  /// What is taken.
  public enum Rule: Equatable, Sendable {
    /// The largest cell.
    case largest
    /// The sum divided by a number of cells.
    case mean(of: Int)
  }

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
  /// Its cells, row by row, nil in the padding; empty beyond `CellArithmetic.mostListed`.
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
  fileprivate init(
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
    guard !overflow, count <= CellArithmetic.mostListed else {
      cells = []
      return
    }
    cells = (0..<count).map { tap in
      let (k, l) = tap.quotientAndRemainder(dividingBy: window.kernel.w)
      return inRows.contains(k) && inColumns.contains(l) ? x[offset(k, l)] : nil
    }
  }

  /// The taps that meet cells inside `cells`, worked out: a window may be far larger than its input.
  fileprivate static func taps(
    _ count: Int, from start: Int, by dilation: Int, inside cells: Range<Int>
  ) -> Range<Int> {
    func taps(below cell: Int) -> Int {
      cell <= start ? 0 : min(count, (cell - start + dilation - 1) / dilation)
    }
    return taps(below: cells.lowerBound)..<taps(below: cells.upperBound)
  }
}

extension PoolAttributes {
  /// The window of one cell of the pooled output.
  fileprivate func source(
    of offset: Int, _ node: Node, _ x: Tensor,
    rule: (Window, Window.Pair, Window.Pair, Int)
      -> PoolWindow.Rule
  ) throws(TensorError) -> CellSource {
    let planes = try window.planes(of: x.shape, in: node.opType)
    let pooling = try pooling(over: x.shape)
    let layout = try Layout.channelsFirst(
      try pooling.outputShape(input: planes, in: node.opType))
    guard layout.area > 0 else {
      throw TensorError(node.opType, expected: "an output with cells", found: "\(layout)")
    }
    let map = offset / layout.area
    let cell = Window.Pair(offset % layout.area / layout.w, offset % layout.w)
    let size = Window.Pair(planes[2], planes[3])
    return .window(
      PoolWindow(
        node, x, map: map * size.h * size.w, size: size, channel: map % max(1, layout.c),
        over: pooling.window, at: cell
      ) { rule(pooling.window, cell, size, $0) })
  }
}

extension MaxPool: CellMaker {
  public func source(
    of offset: Int, _ node: Node, _ inputs: Inputs<Value>
  ) throws(TensorError) -> CellSource {
    try attributes.source(of: offset, node, try inputs.tensor(0)) { _, _, _, _ in .largest }
  }
}

extension AveragePool: CellMaker {
  public func source(
    of offset: Int, _ node: Node, _ inputs: Inputs<Value>
  ) throws(TensorError) -> CellSource {
    try attributes.source(of: offset, node, try inputs.tensor(0)) { window, cell, size, inside in
      guard attributes.countsPads else { return .mean(of: inside) }
      // Padding counts, what ceil_mode adds beyond it does not.
      let rows = PoolWindow.taps(
        window.kernel.h, from: cell.h * window.stride.h - window.padBefore.h,
        by: window.dilation.h, inside: -window.padBefore.h..<size.h + window.padAfter.h)
      let columns = PoolWindow.taps(
        window.kernel.w, from: cell.w * window.stride.w - window.padBefore.w,
        by: window.dilation.w, inside: -window.padBefore.w..<size.w + window.padAfter.w)
      return .mean(of: rows.count * columns.count)
    }
  }
}

extension GlobalAveragePool: CellMaker {
  public func source(
    of offset: Int, _ node: Node, _ inputs: Inputs<Value>
  ) throws(TensorError) -> CellSource {
    let x = try inputs.tensor(0)
    _ = try outputs(for: inputs.described)
    // The cells of a map lie one after another whatever its dimensions are.
    let (columns, count) = (x.shape.dims.last ?? 1, x.shape.dims.dropFirst(2).reduce(1, *))
    let size = Window.Pair(columns > 0 ? count / columns : 0, columns)
    return .window(
      PoolWindow(
        node, x, map: offset * count, size: size, channel: offset % max(1, x.shape[1]),
        over: Window(kernel: size), at: Window.Pair(0, 0), rule: { .mean(of: $0) }))
  }
}
