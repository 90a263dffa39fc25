import Masks
import NeuralNet
import Studies
import TensorCore
public import TerminalUI

/// The graph as a list: node, operator, output shape, parameters, multiply-adds, and the dropout on each
/// edge, the model's own too. The marked row is kept in view.
public struct NetworkPanel: Panel {
  private let mark: ListMark

  /// The list with its marked row.
  public init(_ mark: ListMark) { self.mark = mark }

  /// Headings, rows, and two lines on the marked one.
  static func parts(of inside: Rect) -> (headings: Rect, list: Rect, footer: Rect) {
    PanelPage.table(in: inside, footer: 2)
  }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let nodes = state.experiment.nodes
    let page = PanelPage(.network, in: rect)
    page.draw(title(state), of: &buffer, state.theme)
    guard let rows = Page.network.rows?.fitting(state, mark) else { return }
    let outline = state.networkOutline
    let lines = rows.lines(in: page.list)
    let seen = lines.compactMap { outline.row(at: $0.row) }.map { nodes[$0] }
    let isOutline = mark.filter.isEmpty && outline.lines.contains(where: \.opens)
    func name(_ line: NetworkOutline.Line, _ row: Int) -> String {
      guard isOutline else {
        if case .row(let node) = line.content { return nodes[node].name }
        return line.label
      }
      let glyphs = state.theme.glyphs
      let isOpen = state.networkOpened.contains(row)
      let sign = line.opens ? "\(isOpen ? glyphs.moreBelow : glyphs.moreRight) " : "  "
      return String(repeating: "  ", count: line.depth) + sign + line.label
    }
    let columns = Columns(
      state, width: page.inside.width,
      names: isOutline ? lines.map { name(outline.lines[$0.row], $0.row) } : nil,
      rows: nodes.count > Columns.mostMeasured ? seen : nodes)
    let parts = NetworkPanel.parts(of: page.inside)
    columns.drawHeadings(in: parts.headings, of: &buffer, state.theme.glyphs)
    for (row, rect) in lines {
      let line = outline.lines[row]
      let isMarked = row == rows.marked
      let name = name(line, row)
      if case .row(let node) = line.content {
        columns.draw(nodes[node], name, isMarked: isMarked, in: rect, of: &buffer, state)
      } else {
        columns.draw(line.content, name, isMarked: isMarked, in: rect, of: &buffer, state)
      }
    }
    drawFooter(rows.marked, state, in: parts.footer, of: &buffer)
  }

  /// The model, and how many dropouts there are.
  private func title(_ state: State) -> [TextLine.Span] {
    let count = state.experiment.dropouts(of: state.setting).count
    let own = state.experiment.ownDropouts.count
    return [
      .init(state.experiment.subject.modelName, .text),
      .init("  \(count) dropout\(count == 1 ? "" : "s") added, \(own) of the model's own", .dim),
    ]
  }

  /// What the marked edge is good for, and what a change there costs.
  private func drawFooter(
    _ marked: Int?, _ state: State, in rect: Rect, of buffer: inout Buffer
  ) {
    let (first, second) = (rect.splitTop(1).top, rect.splitTop(1).rest)
    TextLine(place(marked, state)).draw(in: first, of: &buffer, glyphs: state.theme.glyphs)
    TextLine(CostText.spans(state)).draw(in: second, of: &buffer, glyphs: state.theme.glyphs)
  }

  private func place(_ marked: Int?, _ state: State) -> [TextLine.Span] {
    guard let marked else { return [] }
    let outline = state.networkOutline
    guard let row = outline.row(at: marked) else {
      return [.init(place(outline.lines[marked]), .dim)]
    }
    let node = state.experiment.nodes[row]
    if let own = node.ownDropout {
      let rate =
        own.rate.map { "at p = \(NumberText.probability($0.p))" } ?? "at a rate given by an input"
      let end =
        state.setting.silenced.contains(node.value)
        ? "removed: d adds it again"
        : state.setting.isModelDropoutActive
          ? "\(own.activity.words): D removes it" : "inactive: D on the maps switches it on"
      return [.init("the model's own dropout \(rate), ", .dim), .init(end, .dim)]
    }
    guard node.isSupported else { return [.init("\(node.opType ?? "") is not supported", .text)] }
    guard node.shape != nil else {
      return [.init(state.experiment.problem.map { "\($0)" } ?? "not computed", .text)]
    }
    guard node.canTakeDropout else {
      return [.init("\(node.name): no activation to drop from", .dim)]
    }
    let places = node.places
    return [
      .init("\(node.name): ", .text),
      .init(
        places.isEmpty
          ? "no usual place; d adds dropout here all the same"
          : places.map(\.rawValue).joined(separator: ", "), .dim),
    ]
  }
}

extension NetworkPanel {
  /// What is said of a line that stands for no row.
  private func place(_ line: NetworkOutline.Line) -> String {
    switch line.content {
    case .row: ""
    case .group(let rows, let blocks) where blocks > 1:
      "\(blocks) blocks of \(rows.count / blocks) nodes, each like the others: → opens them"
    case .group(let rows, _): "\(rows.count) nodes: → opens them"
    case .graph(let count): "a graph of \(count) nodes, which its node runs: → opens it"
    case .inner:
      "inside the graph of a node: Enter shows it, d adds dropout"
    }
  }

  /// How wide each column of the list is.
  private struct Columns {
    let name, op, shape, parameters, cost: Int

    /// Of lists of more rows those seen alone are measured.
    static let mostMeasured = 1000

    /// - Parameters:
    ///   - names: what stands in the first column, where that is not the rows' names
    ///   - nodes: the rows that the columns are to hold
    init(_ state: State, width: Int, names: [String]?, rows nodes: [NetworkRow]) {
      func widest(_ heading: String, _ text: (NetworkRow) -> String) -> Int {
        nodes.reduce(heading.count) { max($0, text($1).unicodeScalars.count) }
      }
      // Where room is short the operator stays longest: name and dropout are what it is about.
      let dropout = widest("dropout") { Columns.dropoutText($0, state).map(\.text).joined() }
      let longest =
        names?.reduce(4) { max($0, $1.unicodeScalars.count) } ?? widest("node") { $0.name }
      // A screen of little room keeps the operator all the same.
      let least = max(6, min(width < 60 ? 6 : 16, longest))
      var rest = width - 2 - min(30, dropout) - least - 2
      func column(_ wanted: Int) -> Int {
        guard wanted + 2 <= rest else { return 0 }
        rest -= wanted + 2
        return wanted
      }
      op = column(min(18, widest("operator") { $0.opType ?? "Input" }))
      shape = column(min(18, widest("shape") { Columns.shape($0, state) }))
      parameters = column(widest("params") { Columns.parameters($0) })
      cost = column(widest("mult-adds") { Columns.cost($0) })
      name = max(6, min(longest, rest + least))
    }

    /// The shape of the one sample there is.
    static func shape(_ node: NetworkRow, _ state: State) -> String {
      guard let shape = node.shape else { return "?" }
      let layout = state.experiment.layout(of: node.value, shape: shape)
      let isOne = layout.sampleAxis == nil || (layout.n == 1 && shape.rank > 1)
      return isOne ? LayoutText(layout).shape : "\(shape)"
    }

    static func parameters(_ node: NetworkRow) -> String {
      node.parameters == 0 ? "" : NumberText.count(node.parameters)
    }

    static func cost(_ node: NetworkRow) -> String {
      node.multiplyAdds == 0 ? "" : NumberText.count(node.multiplyAdds)
    }

    func drawHeadings(in line: Rect, of buffer: inout Buffer, _ glyphs: Glyphs) {
      TextLine([
        .init("  " + fit("node", name, glyphs) + fit("operator", op, glyphs), .dim),
        .init(fit("shape", shape, glyphs) + right("params", parameters), .dim),
        .init(right("mult-adds", cost), .dim),
        .init("dropout", .dim),
      ]).draw(in: line, of: &buffer, glyphs: glyphs)
    }

    /// A line of several rows, or of what a node's graph holds.
    func draw(
      _ content: NetworkOutline.Content, _ name: String, isMarked: Bool, in line: Rect,
      of buffer: inout Buffer, _ state: State
    ) {
      let glyphs = state.theme.glyphs
      let style = isMarked ? Style.badge(Palette.accent) : .text
      let soft = isMarked ? style : .dim
      var (kind, rows) = ("", [NetworkRow]())
      switch content {
      case .row: break
      case .group(let range, let blocks):
        rows = Array(state.experiment.nodes[range])
        kind =
          blocks > 1 ? "\(blocks) \(glyphs.times) \(range.count / blocks)" : "\(range.count) nodes"
      case .graph(let count): kind = "\(count) nodes"
      case .inner(let opType, _): kind = opType
      }
      let dropouts = rows.count { $0.ownDropout != nil || state.placed(at: $0.value) != nil }
      func sum(_ number: (NetworkRow) -> Int) -> String {
        let sum = rows.reduce(0) { $0 + number($1) }
        return sum == 0 ? "" : NumberText.count(sum)
      }
      TextLine(
        [
          .init("  " + fit(name, self.name, glyphs), style), .init(fit(kind, op, glyphs), soft),
          .init(fit(rows.last.map { Columns.shape($0, state) } ?? "", shape, glyphs), soft),
          .init(right(sum(\.parameters), parameters), soft),
          .init(right(sum(\.multiplyAdds), cost), soft),
          .init(dropouts == 0 ? "" : "\(dropouts) inside", soft),
        ], fill: style
      ).draw(in: line, of: &buffer, glyphs: glyphs)
    }

    func draw(
      _ node: NetworkRow, _ name: String, isMarked: Bool, in line: Rect, of buffer: inout Buffer,
      _ state: State
    ) {
      let glyphs = state.theme.glyphs
      let style = isMarked ? Style.badge(Palette.accent) : .text
      let soft = isMarked ? style : .dim
      let isShown = node.value == state.setting.layer
      let spans: [TextLine.Span] = [
        .init(isShown ? "\(glyphs.separator) " : "  ", style),
        .init(fit(name, self.name, glyphs), style),
        .init(fit(node.opType ?? "Input", op, glyphs), soft),
        .init(fit(Columns.shape(node, state), shape, glyphs), soft),
        .init(right(Columns.parameters(node), parameters), soft),
        .init(right(Columns.cost(node), cost), soft),
      ]
      let dropout = Columns.dropoutText(node, state)
      let end = TextLine(spans, fill: style).draw(in: line, of: &buffer, glyphs: glyphs)
      let rest = Rect(x: end, y: line.y, width: line.right - end, height: 1)
      // The badge of a dropout keeps its colour on the marked row.
      let marked = dropout.map { span in
        [Style.text, .dim].contains(span.style) ? TextLine.Span(span.text, style) : span
      }
      TextLine(isMarked ? marked : dropout, fill: style).draw(in: rest, of: &buffer, glyphs: glyphs)
    }

    /// What sits on the edge behind a node: the selected dropout filled, another one pale, the model's
    /// own in words.
    private static func dropoutText(_ node: NetworkRow, _ state: State) -> [TextLine.Span] {
      let rate = node.ownDropout?.rate.map { NumberText.probability($0.p) } ?? "?"
      let end =
        state.setting.silenced.contains(node.value)
        ? " removed" : state.setting.isModelDropoutActive ? "" : " off"
      let own: [TextLine.Span] =
        node.ownDropout != nil ? [.init("own \(rate)\(end) ", .dim)] : []
      guard let placed = state.placed(at: node.value) else { return own }
      let isSelected =
        state.setting.isPlaced && state.experiment.site(of: state.setting) == node.value
      let badge =
        isSelected ? Style.badge(Palette.killed) : Style(Palette.killed, on: Palette.background)
      let scale = placed.scaling == .inverted ? "" : " \(placed.scaling.rawValue)"
      let block = placed.kind == "block" ? " \(placed.kinds.block)" : ""
      return own + [
        .init(" \(placed.kind)\(block) ", badge),
        .init(" \(NumberText.probability(placed.rate.p))\(scale)", .text),
      ]
    }

    /// Text of a column with the gap behind it; nothing for a column that is left out.
    private func fit(_ text: String, _ width: Int, _ glyphs: Glyphs) -> String {
      guard width > 0 else { return "" }
      return NameText.shortened([text], to: width, glyphs)[0].padded(to: width) + "  "
    }

    private func right(_ text: String, _ width: Int) -> String {
      guard width > 0 else { return "" }
      return text.aligned(to: width) + "  "
    }
  }
}

extension WrittenDropout.Activity {
  /// When dropout acts, in a few words.
  fileprivate var words: String {
    switch self {
    case .training: "acts in training"
    case .always: "acts at inference too"
    case .never: "never acts"
    case .given(let value): "acts where \(value) is true"
    }
  }
}
