import Insight
import TerminalUI

/// |Δx|/|x| of layers, a bar each, the marked one kept in view.
struct ChangeBars {
  /// The line above the bars.
  static let headingRows = 1

  private let layers: [DownstreamEffect.Layer]
  private let rows: ListRows?
  /// What the longest bar stands for: at least a change as large as the layer itself.
  private let longest: Double

  /// Bars of layers, of those rows that fit.
  init(_ layers: [DownstreamEffect.Layer], _ rows: ListRows?) {
    (self.layers, self.rows) = (layers, rows)
    longest = layers.reduce(1) { max($0, $1.change ?? 0) }
  }

  func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let glyphs = state.theme.glyphs
    let (heading, list) = rect.splitTop(ChangeBars.headingRows)
    TextLine(
      [.init("|\(glyphs.isUnicode ? "Δ" : "d")x|/|x|, from the site down", .dim)]
    ).draw(in: heading, of: &buffer, glyphs: glyphs)
    guard !layers.isEmpty else {
      TextLine([.init("no dropout, no effect: w opens the network, d adds one", .text)])
        .draw(in: list, of: &buffer, glyphs: glyphs)
      return
    }
    guard let rows else { return }
    let lines = rows.lines(in: list)
    let names = lines.reduce(4) { max($0, layers[$1.row].name.unicodeScalars.count) }
    let width = min(names, max(6, list.width / 3))
    for (row, line) in lines {
      draw(
        layers[row], isMarked: row == rows.marked, nameWidth: width, in: line, of: &buffer, glyphs)
    }
  }

  private func draw(
    _ layer: DownstreamEffect.Layer, isMarked: Bool, nameWidth: Int, in line: Rect,
    of buffer: inout Buffer,
    _ glyphs: Glyphs
  ) {
    let name = NameText.shortened([layer.name], to: nameWidth, glyphs)[0]
    let x =
      TextLine([
        .init(name.padded(to: nameWidth), isMarked ? .badge(Palette.accent) : .text), .init(" "),
      ])
      .draw(in: line, of: &buffer, glyphs: glyphs)
    let text = layer.change.map { NumberText.short(Float($0)).withoutLeadingZero } ?? glyphs.minus
    let room = line.right - x - 6
    let cells = SpectrumChart.cells((layer.change ?? 0) / longest, of: room)
    let bar = Cell(
      SpectrumChart.bar(glyphs), isMarked ? .title : Style(Palette.killed, on: Palette.background))
    for column in 0..<cells { buffer[x + column, line.y] = bar }
    let number = Rect(x: x + cells + (cells > 0 ? 1 : 0), y: line.y, width: 6, height: 1)
    TextLine([.init(text, .text)]).draw(in: number, of: &buffer, glyphs: glyphs)
  }
}
