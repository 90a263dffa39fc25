import CNcurses
import TerminalUI

/// The colour pairs given out so far. curses' own `alloc_pair` never takes one back, and cells go
/// blank after the last.
struct PairTable {
  private struct Colors: Hashable {
    var foreground, background: ReducedColor
  }

  /// Pairs the terminal has, pair 0 (its own colours) included.
  let capacity: Int
  private var pairs: [Colors: Int32] = [:]
  /// Whether a pair was wanted that there was no room for.
  private(set) var isFull = false

  init(capacity: Int) { self.capacity = capacity }

  /// Pairs in use, pair 0 included.
  var count: Int { pairs.count + 1 }

  /// The pair of two colours; pair 0 where there is no room for another.
  mutating func pair(_ foreground: ReducedColor, _ background: ReducedColor) -> Int32 {
    if foreground == .terminal && background == .terminal { return 0 }
    let colors = Colors(foreground: foreground, background: background)
    if let pair = pairs[colors] { return pair }
    guard count < capacity else {
      isFull = true
      return 0
    }
    let pair = Int32(count)
    guard init_extended_pair(pair, number(foreground), number(background)) == OK else { return 0 }
    pairs[colors] = pair
    return pair
  }

  /// Takes all pairs back; everything on the screen has to be drawn again.
  mutating func removeAll() {
    pairs.removeAll(keepingCapacity: true)
    isFull = false
    reset_color_pairs()
  }

  private func number(_ color: ReducedColor) -> Int32 {
    switch color {
    case .terminal: -1
    case .index(let index): Int32(index)
    case .rgb(let rgb): Int32(rgb)
    }
  }
}
