import Insight
import Masks
import NeuralNet
import Studies
import TensorCore
public import TerminalUI

/// Dropout before a pool beside dropout after it, as maps, for max and for average pooling, with what
/// lies between the two orders.
public struct PoolOrderPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let page = PanelPage(.pooling, in: rect)
    let glyphs = state.theme.glyphs
    let order: PoolOrder
    switch state.observation.poolOrder {
    case .success(let made): order = made
    case .failure(let error):
      page.draw([], of: &buffer, state.theme)
      TextLine([.init("\(error)", .text)])
        .draw(in: page.inside, of: &buffer, glyphs: glyphs)
      return
    }
    let window = order.pooling.window.kernel
    let isOwn =
      state.experiment.subject.network.pooling(
        after: state.site.value, over: state.observation.cleanSite.shape) != nil
    page.draw(
      [
        .init(state.site.name, .text),
        .init(
          "  \(window.h)\(glyphs.times)\(window.w)"
            + (isOwn ? " as the pool behind it" : ": no pool reads it"), .dim),
        .init(isGone(order, state) ? "  channel \(state.channel) is dropped whole: n goes on" : ""),
      ], of: &buffer, state.theme)
    var rest = page.inside
    let each = rest.height / 2
    for pool in order.pools {
      let own: Rect
      (own, rest) = rest.splitTop(each)
      draw(pool, state, in: own, of: &buffer)
    }
  }

  /// Whether nothing is left of a channel that was not empty.
  private func isGone(_ order: PoolOrder, _ state: State) -> Bool {
    guard let pool = order.pools.first,
      let layout = try? Layout.channelsFirst(pool.clean.shape)
    else { return false }
    let cells = Plane(layout, channel: min(state.channel, layout.c - 1)).offsets
    return cells.contains { pool.clean[$0] != 0 }
      && cells.allSatisfy { pool.dropoutFirst[$0] == 0 && pool.poolFirst[$0] == 0 }
  }

  private func draw(
    _ pool: PoolOrder.Pool, _ state: State, in rect: Rect, of buffer: inout Buffer
  ) {
    let glyphs = state.theme.glyphs
    let (title, maps) = rect.splitTop(1)
    let commutes = pool.largestDifference == 0
    var spans: [TextLine.Span] = [
      .init(pool.name, .title), .init(" pool  ", .dim),
      .init(commutes ? "the order makes no difference: 0" : "largest difference ", .dim),
    ]
    if !commutes { spans.append(.init(NumberText.value(pool.largestDifference), .text)) }
    if !commutes, isRounding(pool) { spans.append(.init(", rounding", .dim)) }
    if let inflation = pool.inflation {
      spans.append(.init("  mean with dropout first ", .dim))
      spans.append(.init("\(glyphs.times)\(NumberText.fixed(inflation, 2))", .text))
    }
    TextLine(spans).draw(in: title, of: &buffer, glyphs: glyphs)
    guard let layout = try? Layout.channelsFirst(pool.clean.shape) else { return }
    let plane = Plane(layout, channel: min(state.channel, layout.c - 1))
    let ranges = [pool.dropoutFirst, pool.poolFirst].map { ValueScale($0, over: plane) }
    let scale = ValueScale(
      low: ranges.map(\.low).min() ?? 0, high: ranges.map(\.high).max() ?? 0)
    let titles = [
      "dropout, pool", "pool, dropout", "first \(glyphs.minus) second",
    ]
    for (index, own) in maps.columns(3).enumerated() {
      let (line, map) = own.splitTop(1)
      TextLine([.init(titles[index], .dim)]).draw(in: line, of: &buffer, glyphs: glyphs)
      if index < 2 {
        FittedMap(index == 0 ? pool.dropoutFirst : pool.poolFirst, plane, scale)
          .draw(in: map, of: &buffer, state.theme)
      } else {
        FittedMap(pool.difference, plane, differs: scale.high)
          .draw(in: map, of: &buffer, state.theme)
      }
    }
  }

  /// Whether what lies between the orders is no more than the scale's own rounding.
  private func isRounding(_ pool: PoolOrder.Pool) -> Bool {
    let largest = pool.clean.elements.reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }
    return pool.largestDifference <= 8 * largest.ulp
  }
}
