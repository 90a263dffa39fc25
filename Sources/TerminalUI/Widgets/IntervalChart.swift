/// Means with intervals over values of an axis: a dot and, where there is room, a bar from end to end of
/// what the mean may be; the means of one series are joined.
///
///     96 ┤   ┬
///        │   ●⠤⠤┬
///        │ ┬⠊┴  ●
///     92 ┤ ●    ┴
///        └──────────
///          0  .25 .5
public struct IntervalChart: Sendable {
  /// A mean, and from where to where chance may move it.
  public struct Point: Equatable, Sendable {
    /// The mean.
    public var mean: Double
    /// Its interval; nil where that is not known.
    public var interval: ClosedRange<Double>?

    /// A mean with its interval.
    public init(_ mean: Double, _ interval: ClosedRange<Double>? = nil) {
      (self.mean, self.interval) = (mean, interval)
    }
  }

  /// Means along the axis; nil where there is none.
  public struct Series: Sendable {
    /// What it is called in the legend; nothing where it is alone.
    public var name: String
    /// A point for each value of the axis.
    public var points: [Point?]
    /// Its colour.
    public var color: Color

    /// A series.
    public init(_ name: String, _ points: [Point?], color: Color) {
      (self.name, self.points, self.color) = (name, points, color)
    }
  }

  /// What is shown, above the curves.
  public var title: String
  /// The series; where they cross, the last one lies on top.
  public var series: [Series]
  /// What the values of the axis are called.
  public var labels: [String]
  /// The value of the axis that is marked.
  public var marked: Int?
  /// Behind everything.
  public var background: Color
  /// Writes a value beside the axis.
  public var label: @Sendable (Double) -> String

  /// A chart.
  public init(
    _ title: String, _ series: [Series], labels: [String], marked: Int? = nil,
    background: Color = Palette.background, label: @escaping @Sendable (Double) -> String
  ) {
    (self.title, self.series, self.labels, self.marked) = (title, series, labels, marked)
    (self.background, self.label) = (background, label)
  }

  /// From the lowest to the highest end of all intervals; nil where there is no point.
  public var range: ClosedRange<Double>? {
    let ends = series.flatMap(\.points).compactMap { $0 }.flatMap { point in
      [point.mean, point.interval?.lowerBound, point.interval?.upperBound].compactMap { $0 }
    }.filter(\.isFinite)
    guard let low = ends.min(), let high = ends.max() else { return nil }
    return low...high
  }

  /// Draws the chart over all of the rectangle; nothing where there is no room for a curve.
  public func draw(in rect: Rect, of buffer: inout Buffer, glyphs: Glyphs = .unicode) {
    let (legend, below) = rect.splitTop(1)
    drawLegend(in: legend, of: &buffer, glyphs)
    guard below.height >= 3, let range, !labels.isEmpty else { return }
    let ends = (high: label(range.upperBound), low: label(range.lowerBound))
    let margin = max(ends.high.unicodeScalars.count, ends.low.unicodeScalars.count) + 2
    let plot = Rect(
      x: below.x + margin, y: below.y, width: below.width - margin, height: below.height - 2)
    guard !plot.isEmpty else { return }
    drawAxes(around: plot, ends, of: &buffer, glyphs)
    for (place, curve) in series.enumerated() {
      if glyphs.isUnicode { drawLine(curve, place, in: plot, range, of: &buffer) }
    }
    for (place, curve) in series.enumerated() {
      for (step, point) in curve.points.prefix(labels.count).enumerated() {
        guard let point else { continue }
        draw(point, curve.color, x: x(step, place, in: plot), in: plot, range, of: &buffer, glyphs)
      }
    }
  }

  /// The column of a value; series stand beside each other where there is room.
  private func x(_ step: Int, _ place: Int, in plot: Rect) -> Int {
    let width = Double(plot.width) / Double(labels.count)
    let shift = width >= Double(2 * series.count) ? 2 * place - (series.count - 1) : 0
    let x = plot.x + Int((Double(step) + 0.5) * width) + shift
    return min(plot.right - 1, max(plot.x, x))
  }

  private func y(_ value: Double, in plot: Rect, _ range: ClosedRange<Double>) -> Int {
    let span = range.upperBound - range.lowerBound
    let share = span > 0 ? (value - range.lowerBound) / span : 0.5
    return plot.bottom - 1 - Int((min(1, max(0, share)) * Double(plot.height - 1)).rounded())
  }

  private func draw(
    _ point: Point, _ color: Color, x: Int, in plot: Rect, _ range: ClosedRange<Double>,
    of buffer: inout Buffer, _ glyphs: Glyphs
  ) {
    guard point.mean.isFinite else { return }
    let style = Style(color, on: background)
    if let interval = point.interval, interval.lowerBound.isFinite, interval.upperBound.isFinite {
      let (top, bottom) = (
        y(interval.upperBound, in: plot, range), y(interval.lowerBound, in: plot, range)
      )
      for row in top...bottom {
        let end: Unicode.Scalar = row == top ? "┬" : row == bottom ? "┴" : glyphs.vertical
        buffer[x, row] = Cell(glyphs.isUnicode ? end : "|", style)
      }
    }
    buffer[x, y(point.mean, in: plot, range)] = Cell(glyphs.gaugeKnob, style)
  }

  private func drawLine(
    _ curve: Series, _ place: Int, in plot: Rect, _ range: ClosedRange<Double>,
    of buffer: inout Buffer
  ) {
    var last: (x: Int, y: Int)?
    for (step, point) in curve.points.prefix(labels.count).enumerated() {
      guard let point, point.mean.isFinite else {
        last = nil
        continue
      }
      let here = (x: x(step, place, in: plot), y: y(point.mean, in: plot, range))
      if let last {
        DotPlot.line(from: (2 * last.x, 4 * last.y + 2), to: (2 * here.x, 4 * here.y + 2)) { x, y in
          DotPlot.set(x: x, y: y, Style(curve.color, on: background), of: &buffer)
        }
      }
      last = here
    }
  }

  private var dim: Style { Style(Palette.dim, on: background) }

  private func drawLegend(in line: Rect, of buffer: inout Buffer, _ glyphs: Glyphs) {
    var spans = [TextLine.Span(title, Style(Palette.accent, on: background))]
    for curve in series where !curve.name.isEmpty {
      spans.append(TextLine.Span("  \(glyphs.gaugeKnob) ", Style(curve.color, on: background)))
      spans.append(TextLine.Span(curve.name, Style(Palette.text, on: background)))
    }
    TextLine(spans).draw(in: line, of: &buffer, glyphs: glyphs)
  }

  private func drawAxes(
    around plot: Rect, _ ends: (high: String, low: String), of buffer: inout Buffer,
    _ glyphs: Glyphs
  ) {
    let axis = plot.x - 1
    for y in plot.y..<plot.bottom { buffer[axis, y] = Cell(glyphs.vertical, dim) }
    for x in plot.x..<plot.right { buffer[x, plot.bottom] = Cell(glyphs.horizontal, dim) }
    buffer[axis, plot.bottom] = Cell(glyphs.isUnicode ? "└" : "+", dim)
    for (text, y) in [(ends.low, plot.bottom - 1), (ends.high, plot.y)] {
      buffer[axis, y] = Cell(glyphs.isUnicode ? "┤" : "+", dim)
      buffer.write(text, x: axis - 1 - text.unicodeScalars.count, y: y, style: dim, limit: axis)
    }
    // The marked name first, then from the left what does not run into another.
    let order = labels.indices.filter { $0 == marked } + labels.indices.filter { $0 != marked }
    var taken: [Range<Int>] = []
    for step in order {
      let name = labels[step]
      let centre = plot.x + Int((Double(step) + 0.5) * Double(plot.width) / Double(labels.count))
      let start = max(plot.x, centre - name.unicodeScalars.count / 2)
      let room = start..<start + name.unicodeScalars.count + 1
      guard !taken.contains(where: room.overlaps) else { continue }
      taken.append(room)
      let style = step == marked ? Style(Palette.accent, on: background, .bold) : dim
      buffer.write(name, x: start, y: plot.bottom + 1, style: style, limit: plot.right)
    }
  }
}
