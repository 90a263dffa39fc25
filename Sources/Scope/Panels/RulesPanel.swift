import Masks
import Studies
import TensorCore
public import TerminalUI

/// The lens: the same field under each library's rule, and what happens there at the ends of the
/// rate.
public struct RulesPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let lines = self.lines(state)
    let frame = OverlayFrame(
      title:
        "\(state.setting.kind) by other rules, p \(NumberText.probability(state.setting.rate.p))",
      width: 74, height: lines.count, in: rect)
    frame.draw(of: &buffer, state.theme)
    for (row, spans) in lines.prefix(frame.inside.height).enumerated() {
      let line = Rect(
        x: frame.inside.x, y: frame.inside.y + row, width: frame.inside.width, height: 1)
      TextLine(spans).draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    }
  }

  private func lines(_ state: State) -> [[TextLine.Span]] {
    let heading = ["rule", "mask", "scale", "to ours", "p=0", "p=1", "p=1.5"]
    var lines = [spans(heading, .dim)]
    let kind = state.setting.kind
    let rules = RuleRegistry.all.filter { $0.kinds.contains(kind) }
    for rule in rules {
      let style: Style = rule.name == state.setting.rule ? .title : .text
      lines.append(spans([rule.name] + answer(rule, state) + ends(rule, kind), style))
    }
    if rules.isEmpty { lines.append([.init("no library here has this kind", .dim)]) }
    lines.append([])
    for rule in rules {
      for edge in rule.edges(kind: kind) where edge.train == .silentlyWrong || edge.infinite == .nan
      {
        lines.append([
          .init("\(rule.name) at p = \(NumberText.plain(edge.p)): ", .dim),
          .init(edge.what, .text),
        ])
      }
    }
    lines.append([.init(":rule NAME computes by it, :rule own goes back", .dim)])
    return lines
  }

  /// Mask shape, scale and the largest difference to our own, on the site's clean value.
  private func answer(_ rule: any FrameworkRule, _ state: State) -> [String] {
    do {
      let observation = state.observation
      let kind = try KindRegistry.make(state.setting.kind, state.setting.kinds)
      let found = try RuleComparison(
        rule, x: observation.cleanSite, layout: observation.siteLayout, kind: kind,
        stream: observation.stream, rate: state.setting.rate.p, mode: state.setting.mode)
      let shape = found.theirs.maskShape
      let scale = found.theirs.scale.first ?? 1
      let other = (found.ours?.unequalNonFinite ?? 0) > 0 ? " non-finite" : ""
      let difference = found.ours.map {
        $0.largestDifference == 0 ? "same\(other)" : NumberText.short($0.largestDifference)
      }
      return [
        "[\(shape.c),\(shape.h),\(shape.w)]",
        state.theme.glyphs.times + NumberText.fixed(Double(scale), 2),
        difference ?? "refused",
      ]
    } catch {
      return ["refuses", "", ""]
    }
  }

  private func ends(_ rule: any FrameworkRule, _ kind: String) -> [String] {
    let edges = rule.edges(kind: kind)
    return [0, 1, 1.5].map { p in
      guard let edge = edges.first(where: { $0.p == p }) else { return "" }
      let beyond = edge.infinite == .nan && edge.train != .nan ? ", Inf NaN" : ""
      return edge.train.rawValue + beyond
    }
  }

  private func spans(_ words: [String], _ style: Style) -> [TextLine.Span] {
    let widths = [12, 11, 7, 8, 9, 13, 14]
    return zip(words, widths).map { word, width in
      let padding = max(1, width - word.unicodeScalars.count)
      return .init(word + String(repeating: " ", count: padding), style)
    }
  }
}
