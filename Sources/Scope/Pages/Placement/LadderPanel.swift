import Insight
import Masks
import NeuralNet
import Studies
import TensorCore
public import TerminalUI

/// Every site that dropout was walked to, a row each with what was measured there; the column they are
/// sorted by is marked, and what it says stands below.
public struct LadderPanel: Panel {
  let selected: Int

  /// The ladder with its marked rung.
  public init(selected: Int) { self.selected = selected }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let page = PanelPage("Placement", in: rect)
    page.draw(title(state), of: &buffer, state.theme)
    let table = LadderLines(state, width: page.inside.width)
    var (line, rest) = page.inside.splitTop(1)
    table.drawHeadings(in: line, of: &buffer)
    let footer: Rect
    (rest, footer) = rest.splitTop(max(0, rest.height - 3))
    let rungs = state.ladder.sorted
    let first = min(max(0, selected - rest.height / 2), max(0, rungs.count - rest.height))
    for index in first..<min(rungs.count, first + rest.height) {
      (line, rest) = rest.splitTop(1)
      table.draw(rungs[index], isMarked: index == selected, in: line, of: &buffer)
    }
    drawFooter(state, rungs, in: footer, of: &buffer)
  }

  private func title(_ state: State) -> [TextLine.Span] {
    let rungs = state.ladder.rungs
    let open = rungs.filter { !$0.work.isOver }
    var spans: [TextLine.Span] = [
      .init("\(rungs.count) of \(state.experiment.sites.count) sites", .text),
      .init(", \(state.masks) masks each", .dim),
    ]
    if let current = open.first {
      spans.append(
        .init(
          "  measuring \(state.experiment.name(of: current.placed.site)) "
            + "\(current.work.count)/\(current.work.goal)", .title))
    }
    return spans
  }

  /// Where the marked rung lies, what the marked column says, and what all of it is of.
  private func drawFooter(
    _ state: State, _ rungs: [Ladder.Rung], in rect: Rect, of buffer: inout Buffer
  ) {
    var lines: [[TextLine.Span]] = []
    if rungs.indices.contains(selected) {
      let rung = rungs[selected]
      let places = rung.row?.site.places.map(\.rawValue).joined(separator: ", ") ?? ""
      var spans: [TextLine.Span] = [
        .init(state.experiment.name(of: rung.placed.site), .text),
        .init(places.isEmpty ? "" : ": \(places)", .dim),
      ]
      if let flips = rung.row?.flips, flips.total > 0 {
        spans.append(
          .init("  changed \(flips.count)/\(flips.total) in \(ShareText.interval(flips))", .dim))
      }
      if let problem = rung.work.problem { spans = [.init(problem, .text)] }
      lines.append(spans)
    }
    let column = state.ladder.column.map { LadderTable.columns[$0] }
    lines.append([
      .init("by ", .dim), .init(column?.heading ?? "order", .title),
      .init(": \(column?.meaning ?? "the order in which they were measured")", .dim),
    ])
    lines.append([.init("each dropout by itself, in training; the model's own inactive", .dim)])
    var rest = rect
    for spans in lines {
      let line: Rect
      (line, rest) = rest.splitTop(1)
      TextLine(spans).draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    }
  }
}

/// The rows of the ladder in columns.
private struct LadderLines {
  private let state: State
  private let nameWidth, kindWidth: Int
  private let columns: [(index: Int, width: Int)]

  init(_ state: State, width: Int) {
    self.state = state
    let rungs = state.ladder.rungs
    let names = rungs.map { state.experiment.name(of: $0.placed.site).unicodeScalars.count }
    nameWidth = min(max(4, names.max() ?? 4), max(6, width / 5))
    kindWidth = min(rungs.reduce(7) { max($0, LadderLines.kind($1).count) }, 16)
    var room = width - nameWidth - kindWidth - 2
    var columns: [(index: Int, width: Int)] = []
    for (index, column) in LadderTable.columns.enumerated() {
      let own = max(7, column.heading.count + 1)
      // The first that have room; the one they are sorted by always has.
      guard own <= room else { break }
      columns.append((index, own))
      room -= own
    }
    if let sorted = state.ladder.column, !columns.contains(where: { $0.index == sorted }),
      !columns.isEmpty
    {
      columns[columns.count - 1] = (sorted, columns[columns.count - 1].width)
    }
    self.columns = columns
  }

  private static func kind(_ rung: Ladder.Rung) -> String {
    "\(rung.placed.kind) \(NumberText.probability(rung.placed.rate.p))"
  }

  func drawHeadings(in line: Rect, of buffer: inout Buffer) {
    var spans: [TextLine.Span] = [
      .init(fit("site", nameWidth) + "  " + fit("dropout", kindWidth), heading(nil))
    ]
    for (index, width) in columns {
      spans.append(.init(LadderTable.columns[index].heading.aligned(to: width), heading(index)))
    }
    TextLine(spans).draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
  }

  private func heading(_ index: Int?) -> Style {
    state.ladder.column == index ? .title : .dim
  }

  func draw(_ rung: Ladder.Rung, isMarked: Bool, in line: Rect, of buffer: inout Buffer) {
    let style = isMarked ? Style.badge(Palette.accent) : .text
    let name = state.experiment.name(of: rung.placed.site)
    var spans: [TextLine.Span] = [
      .init(fit(name, nameWidth) + "  ", style),
      .init(fit(LadderLines.kind(rung), kindWidth), isMarked ? style : .dim),
    ]
    for (index, width) in columns {
      let text = rung.row.map { LadderLines.text(index, $0) } ?? ""
      spans.append(
        .init((text.isEmpty ? state.theme.glyphs.minus : text).aligned(to: width), style))
    }
    TextLine(spans, fill: style).draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
  }

  /// Ratios with a factor's two digits, shares with three.
  private static func text(_ index: Int, _ row: LadderRow) -> String {
    let column = LadderTable.columns[index]
    guard let value = column.value(row) else { return "" }
    return column.isShare ? ShareText.probability(value) : "×" + NumberText.short(Float(value))
  }

  private func fit(_ text: String, _ width: Int) -> String {
    NameText.shortened([text], to: width, state.theme.glyphs)[0].padded(to: width)
  }
}
