import Insight
import Studies
import TerminalUI

/// Classes, a row each, the likeliest where not all have room.
struct ClassTable {
  /// Numbers of one kind, a column.
  struct Column {
    let heading: String
    let width: Int
    let text: (Int) -> String
  }

  private let classes: [Int]
  private let columns: [Column]
  private let marked: Int

  /// - Parameters:
  ///   - likeliest: the classes, the likeliest first
  ///   - marked: the label without dropout
  init(likeliest: [Int], marked: Int, _ columns: [Column]) {
    (classes, self.columns, self.marked) = (likeliest, columns, marked)
  }

  /// Rows it takes with its heading where there is room for all.
  var rows: Int { classes.isEmpty ? 0 : classes.count + 1 }

  func draw(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    guard rect.height > 1 else { return }
    // Those there is room for, in their own order.
    let shown = classes.prefix(rect.height - 1).sorted()
    let first = max(5, shown.reduce(0) { max($0, "\($1)".count) })
    var (line, rest) = rect.splitTop(1)
    draw("class", columns.map(\.heading), first, style: .dim, in: line, of: &buffer, theme.glyphs)
    for k in shown {
      (line, rest) = rest.splitTop(1)
      draw(
        "\(k)", columns.map { $0.text(k) }, first, style: k == marked ? .title : .text, in: line,
        of: &buffer, theme.glyphs)
    }
  }

  private func draw(
    _ name: String, _ texts: [String], _ first: Int, style: Style, in line: Rect,
    of buffer: inout Buffer, _ glyphs: Glyphs
  ) {
    var text = name.aligned(to: first)
    for (column, own) in zip(columns, texts) {
      text += " " + own.aligned(to: column.width - 1)
    }
    TextLine([.init(text, style)]).draw(in: line, of: &buffer, glyphs: glyphs)
  }
}

extension ClassTable {
  /// Probabilities without and with dropout and, once labels are counted, how often each was named.
  init(ripple state: State, width: Int) {
    let network = state.experiment.subject.network
    guard let clean = network.classification(state.experiment.clean),
      let masked = network.classification(state.observation.run)
    else {
      self.init(likeliest: [], marked: 0, [])
      return
    }
    let (before, after) = (clean.probabilities, masked.probabilities)
    var columns = [
      Column(heading: "clean", width: 7) { ShareText.probability(before[$0]) },
      Column(heading: "dropout", width: 7) { ShareText.probability(after[$0]) },
    ]
    if let votes = state.votes?.sum as? Votes {
      columns.append(
        Column(heading: "chosen", width: 6) { ShareText.value(votes.share(of: $0)) })
      columns.append(
        Column(heading: "95%", width: 11) { ShareText.interval(votes.share(of: $0)) })
    }
    let likeliest = before.indices.sorted { a, b in
      let (x, y) = (max(before[a], after[a]), max(before[b], after[b]))
      return x == y ? a < b : x > y
    }
    self.init(likeliest: likeliest, marked: clean.label, columns)
  }
}
