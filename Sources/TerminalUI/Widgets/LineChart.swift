/// Curves over whole steps, such as epochs: lines of Braille dots, two across and four down a cell;
/// on an ASCII terminal one mark a column.
///
///     loss  ─ training  ─ held out
///     2.31 ┤⠑⢄
///          │  ⠑⠤⣀⣀
///     .052 ┤      ⠉⠉⠒⠒⠤⠤⠤
///          └─────────────
///           1          12
public struct LineChart: Sendable {
  /// A curve: a value for each step, NaN where there is none.
  public struct Series: Sendable {
    /// What it is called in the legend.
    public var name: String
    /// The values.
    public var values: [Double]
    /// Its colour.
    public var color: Color
    /// What it is made of on an ASCII terminal.
    public var mark: Unicode.Scalar

    /// A curve.
    public init(_ name: String, _ values: [Double], color: Color, mark: Unicode.Scalar) {
      (self.name, self.values, self.color, self.mark) = (name, values, color, mark)
    }
  }

  /// What is shown, above the curves and before their names.
  public var title: String
  /// The curves; where they cross, the last one lies on top.
  public var series: [Series]
  /// The name of the first step; the others follow it by one.
  public var first: Int
  /// What the first and the last step are called under the axis.
  public var unit: String
  /// What stands there instead, where steps are no count.
  public var ends: (first: String, last: String)?
  /// Behind everything.
  public var background: Color
  /// Writes a value beside the axis.
  public var label: @Sendable (Double) -> String

  /// A chart.
  public init(
    _ title: String, _ series: [Series], first: Int = 1, unit: String = "",
    background: Color = Palette.background, label: @escaping @Sendable (Double) -> String
  ) {
    (self.title, self.series, self.first) = (title, series, first)
    (self.unit, self.background, self.label) = (unit, background, label)
  }

  /// From where to where the axis goes, so that it holds still while points arrive; nil for from the least
  /// to the greatest.
  public var limits: ClosedRange<Double>?

  /// Whether the curves are named above it.
  public var hasNames = true

  /// Steps, counted from 0, at which a line from top to bottom lies behind the curves.
  public var marks: [Int] = []

  /// The limits, or the least and the greatest value that is a number; nil where there is none.
  public var range: ClosedRange<Double>? {
    if let limits { return limits }
    let values = series.flatMap(\.values).filter(\.isFinite)
    guard let low = values.min(), let high = values.max() else { return nil }
    return low...high
  }

  /// Draws the chart over all of the rectangle; nothing where there is no room for a curve.
  public func draw(in rect: Rect, of buffer: inout Buffer, glyphs: Glyphs = .unicode) {
    let (legend, below) = rect.splitTop(1)
    drawLegend(in: legend, of: &buffer, glyphs)
    guard below.height >= 3, let range else { return }
    let labels = (high: label(range.upperBound), low: label(range.lowerBound))
    let margin = max(labels.high.unicodeScalars.count, labels.low.unicodeScalars.count) + 2
    let plot = Rect(
      x: below.x + margin, y: below.y, width: below.width - margin, height: below.height - 2)
    guard !plot.isEmpty else { return }
    drawAxes(around: plot, labels, of: &buffer, glyphs)
    for mark in marks where (0..<max(1, steps)).contains(mark) {
      let place = steps > 1 ? Double(mark) / Double(steps - 1) : 0
      let x = plot.x + Int((place * Double(plot.width - 1)).rounded())
      let line: Unicode.Scalar = glyphs.isUnicode ? "┊" : ":"
      for y in plot.y..<plot.bottom { buffer[x, y] = Cell(line, dim) }
    }
    for curve in series {
      if glyphs.isUnicode {
        DotPlot(rect: plot, dotsAcross: 2, dotsDown: 4, range: range)
          .draw(curve.values, steps: steps) { x, y, dot in
            DotPlot.set(dot, x: x, y: y, Style(curve.color, on: background), of: &buffer)
          }
      } else {
        DotPlot(rect: plot, dotsAcross: 1, dotsDown: 1, range: range)
          .draw(curve.values, steps: steps) { x, y, _ in
            buffer[x, y] = Cell(curve.mark, Style(curve.color, on: background))
          }
      }
    }
  }

  private var dim: Style { Style(Palette.dim, on: background) }

  private var steps: Int { series.map(\.values.count).max() ?? 0 }

  private func drawLegend(in line: Rect, of buffer: inout Buffer, _ glyphs: Glyphs) {
    var spans = [TextLine.Span(title, Style(Palette.accent, on: background))]
    for curve in hasNames ? series : [] {
      let style = Style(curve.color, on: background)
      let mark = glyphs.isUnicode ? glyphs.horizontal : curve.mark
      spans.append(TextLine.Span("  \(mark)\(mark) ", style))
      spans.append(TextLine.Span(curve.name, Style(Palette.text, on: background)))
    }
    TextLine(spans).draw(in: line, of: &buffer, glyphs: glyphs)
  }

  private func drawAxes(
    around plot: Rect, _ labels: (high: String, low: String), of buffer: inout Buffer,
    _ glyphs: Glyphs
  ) {
    let axis = plot.x - 1
    let corner: Unicode.Scalar = glyphs.isUnicode ? "└" : "+"
    let tick: Unicode.Scalar = glyphs.isUnicode ? "┤" : "+"
    for y in plot.y..<plot.bottom { buffer[axis, y] = Cell(glyphs.vertical, dim) }
    for x in plot.x..<plot.right { buffer[x, plot.bottom] = Cell(glyphs.horizontal, dim) }
    buffer[axis, plot.bottom] = Cell(corner, dim)
    for (text, y) in [(labels.low, plot.bottom - 1), (labels.high, plot.y)] {
      buffer[axis, y] = Cell(tick, dim)
      let x = axis - 1 - text.unicodeScalars.count
      buffer.write(text, x: x, y: y, style: dim, limit: axis)
    }
    let names =
      ends.map { (low: $0.first, high: $0.last) }
      ?? (low: "\(unit)\(first)", high: "\(first + steps - 1)")
    buffer.write(names.low, x: plot.x, y: plot.bottom + 1, style: dim, limit: plot.right)
    let x = plot.right - names.high.unicodeScalars.count
    guard steps > 1, x > plot.x + names.low.unicodeScalars.count else { return }
    buffer.write(names.high, x: x, y: plot.bottom + 1, style: dim, limit: plot.right)
  }

}
