import Insight
import NeuralNet
import Studies
import TensorCore
public import TerminalUI

/// How far dropout is felt: the relative change of every layer from the sites to the output as bars,
/// the marked layer's maps without and with it, and what becomes of the classes.
public struct EffectPanel: Panel {
  private let mark: ListMark

  /// The panel with its marked layer.
  public init(_ mark: ListMark) { self.mark = mark }

  /// Bars to the left; maps above classes to the right, where there is room for them.
  static func parts(of inside: Rect) -> (bars: Rect, right: Rect) {
    let isWide = inside.width >= 60
    let (bars, gap) = inside.splitLeft(isWide ? inside.width * 9 / 20 : inside.width)
    return (bars, gap.splitLeft(2).rest)
  }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let page = PanelPage(.effect, in: rect)
    page.draw(title(state), of: &buffer, state.theme)
    let (left, right) = EffectPanel.parts(of: page.inside)
    let layers = state.observation.downstream.layers
    let rows = Page.effect.rows?.fitting(state, mark)
    ChangeBars(layers, rows).draw(state, in: left, of: &buffer)
    guard !right.isEmpty else { return }
    let classes = ClassTable(downstream: state, width: right.width)
    // Ten classes have room before the maps grow; of a thousand the likeliest take half.
    let lines = min(classes.rows, max(11, right.height / 2), max(0, right.height - 6))
    let (maps, table) = right.splitTop(right.height - lines)
    if let marked = rows?.marked, layers.indices.contains(marked) {
      drawMaps(of: layers[marked].value, state, in: maps, of: &buffer)
    }
    classes.draw(in: table, of: &buffer, state.theme)
  }

  /// The label and its margin without and with dropout, and how often masks turn it.
  private func title(_ state: State) -> [TextLine.Span] {
    let network = state.experiment.subject.network
    let glyphs = state.theme.glyphs
    guard let clean = network.classification(state.experiment.clean),
      let masked = network.classification(state.observation.run)
    else {
      return [.init(state.votes?.problem ?? "the output is no vector of classes", .dim)]
    }
    var spans: [TextLine.Span] = [
      .init("class ", .dim), .init("\(clean.label)\(glyphs.arrow)\(masked.label)", .text),
      .init(state.experiment.subject.className(masked.label).map { " \($0)" } ?? "", .title),
      .init("  margin ", .dim),
      .init(
        NumberText.short(Float(clean.margin)) + glyphs.arrow
          + NumberText.short(Float(masked.margin)),
        .text),
    ]
    guard let votes = state.votes else {
      return spans + [.init("  x counts classes over \(state.masks) masks", .dim)]
    }
    if let problem = votes.problem { return spans + [.init("  \(problem)", .text)] }
    let flips = (votes.sum as? Votes)?.flips ?? Share(0, of: 0)
    spans += [
      .init("  changed ", .dim), .init("\(flips.count)/\(flips.total)", .text),
      .init(" = \(ShareText.value(flips)) in \(ShareText.interval(flips))", .dim),
    ]
    return spans
  }

  private func drawMaps(
    of value: String, _ state: State, in rect: Rect, of buffer: inout Buffer
  ) {
    guard rect.height > 2, let clean = state.experiment.clean.tensor(value),
      let masked = state.observation.run.tensor(value)
    else { return }
    let layout = state.experiment.layout(of: value, shape: clean.shape)
    let plane = Plane(layout, channel: min(state.channel, layout.c - 1))
    // One range for both, so that a colour means one value.
    let ranges = [clean, masked].map { ValueScale($0, over: plane) }
    let whole = ValueScale(
      low: min(ranges[0].low, ranges[1].low), high: max(ranges[0].high, ranges[1].high))
    let panes = [("clean", clean, ranges[0]), ("with dropout", masked, ranges[1])]
    for ((word, tensor, range), own) in zip(panes, rect.columns(2)) {
      let (title, map) = own.splitTop(1)
      TextLine([.init(word, .title), .init(" " + range.text(state.theme.glyphs), .dim)])
        .draw(in: title, of: &buffer, glyphs: state.theme.glyphs)
      FittedMap(tensor, plane, whole)
        .draw(in: map.splitTop(map.height - 1).top, of: &buffer, state.theme)
    }
  }
}
