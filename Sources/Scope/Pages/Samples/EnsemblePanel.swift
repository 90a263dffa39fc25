import Insight
import Masks
import NeuralNet
import Studies
import TensorCore
public import TerminalUI

/// Samples accumulated: how often each cell was kept, the mean map beside the clean one, and what the
/// network says in the mean, by three means, with its uncertainty.
public struct EnsemblePanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let page = PanelPage(.samples, in: rect)
    let ensemble = state.ensemble?.sum as? Ensemble
    page.draw(title(state), of: &buffer, state.theme)
    let inside = Rect(
      x: page.inside.x - 1, y: page.inside.y, width: page.inside.width + 2,
      height: page.inside.height)
    let table = MeansTable(state, ensemble, width: inside.width)
    let facts = EnsembleFacts(state, ensemble)
    let below = table.rows + facts.rows
    // Maps first as high as they can use, then the curve of the error where there is room.
    let plane = state.sitePlane
    let most = inside.height - below
    let wanted =
      ScreenLayout.mapSize(
        state, of: plane,
        scale: ScreenLayout.scale(
          state, of: plane, in: inside.columns(3)[0].splitTop(most - 1).top)
      ).height + 1
    let (maps, rest) = inside.splitTop(max(4, min(most, max(wanted, 7))))
    drawMaps(state, ensemble, in: maps, of: &buffer)
    let spare = rest.height - below
    let (chart, lower) = rest.splitTop(spare >= 7 ? min(spare, 12) : 0)
    if let ensemble, !chart.isEmpty {
      ErrorChart(ensemble).draw(in: chart, of: &buffer, state.theme)
    }
    let (upper, last) = lower.splitTop(table.rows)
    table.draw(in: upper, of: &buffer, state.theme)
    facts.draw(in: last, of: &buffer, state.theme)
  }

  private func title(_ state: State) -> [TextLine.Span] {
    guard let work = state.ensemble else { return [] }
    if let problem = work.problem { return [.init(problem, .text)] }
    let hint =
      work.isOver
      ? "the most there are" : state.isSampling ? "Space pauses" : "Space accumulates samples"
    return [
      .init("T = ", .dim), .init(NumberText.grouped(work.count), .text),
      .init(work.count == 1 ? " sample" : " samples", .dim), .init("  at ", .dim),
      .init(state.site.name, .text), .init("  \(hint)", .dim),
    ]
  }

  private func drawMaps(
    _ state: State, _ ensemble: Ensemble?, in rect: Rect, of buffer: inout Buffer
  ) {
    let glyphs = state.theme.glyphs
    let panes = rect.columns(3).map { $0.splitTop(1) }
    let clean = state.observation.cleanSite
    let plane = state.sitePlane
    let range = ValueScale(clean, over: plane)
    let keep = NumberText.probability(state.setting.rate.keep)
    func draw(_ index: Int, _ word: String, _ note: String, _ map: FittedMap?) {
      let (title, room) = panes[index]
      TextLine([.init(word, .title), .init(" " + note, .dim)])
        .draw(in: title, of: &buffer, glyphs: glyphs)
      map?.draw(in: room, of: &buffer, state.theme)
    }
    let sameShape = ensemble.map { $0.mean.count == clean.count } ?? false
    let survival = ensemble.flatMap { sameShape && $0.count > 0 ? $0.survival : nil }
    let mean = survival.map { survival in
      plane.offsets.reduce(0) { $0 + Double(survival[$1]) } / Double(max(1, plane.offsets.count))
    }
    draw(
      0, "kept in",
      "\(mean.map { ShareText.probability($0) } ?? glyphs.minus), expected \(keep)",
      survival.map { FittedMap($0, plane, ValueScale(low: 0, high: 1)) })
    draw(
      1, "mean", range.text(glyphs),
      ensemble.flatMap { sameShape && $0.count > 0 ? FittedMap($0.mean, plane, range) : nil })
    draw(2, "clean", range.text(glyphs), FittedMap(clean, plane, range))
  }
}
