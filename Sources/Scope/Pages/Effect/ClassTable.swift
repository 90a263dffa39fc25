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
  /// What classes are called, and how likely each is after dropout; the likeliest five have a bar.
  private let names: [Int: String]
  private let shares: [Double]
  /// Columns that a bar needs to say something.
  private static let leastBars = 5

  /// - Parameters:
  ///   - likeliest: the classes, the likeliest first
  ///   - marked: the label without dropout
  ///   - names: what they are called, where they have names
  ///   - shares: how likely each class is after dropout
  init(
    likeliest: [Int], marked: Int, names: [Int: String], shares: [Double], _ columns: [Column]
  ) {
    (classes, self.columns, self.marked) = (likeliest, columns, marked)
    (self.names, self.shares) = (names, shares)
  }

  /// Rows it takes with its heading where there is room for all.
  var rows: Int { classes.isEmpty ? 0 : classes.count + 1 }

  func draw(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    guard rect.height > 1 else { return }
    // Those there is room for, in their own order.
    let shown = classes.prefix(rect.height - 1).sorted()
    let first = max(5, shown.reduce(0) { max($0, "\($1)".count) })
    // What has a name shows it and a bar, where need be in the place of the last columns.
    let longest = shown.reduce(0) { max($0, names[$1]?.unicodeScalars.count ?? 0) }
    let wanted = longest > 0 ? min(longest, 12) + 1 + ClassTable.leastBars : 0
    func width(_ columns: [Column]) -> Int { columns.reduce(first) { $0 + $1.width } }
    var columns = columns
    while columns.count > 2, width(columns) + 2 + wanted > rect.width { columns.removeLast() }
    let numbers = width(columns)
    let room = max(0, rect.width - numbers - 2)
    // Names come before longer bars.
    let named = min(longest, max(0, room - 1 - ClassTable.leastBars))
    let bars = room - named - (named > 0 ? 1 : 0)
    let likeliest = Set(shares.indices.sorted { shares[$0] > shares[$1] }.prefix(5))
    var (line, rest) = rect.splitTop(1)
    func write(_ name: String, _ texts: [String], style: Style) {
      var text = name.aligned(to: first)
      for (column, own) in zip(columns, texts) {
        text += " " + own.aligned(to: column.width - 1)
      }
      TextLine([.init(text, style)]).draw(in: line, of: &buffer, glyphs: theme.glyphs)
    }
    write("class", columns.map(\.heading), style: .dim)
    for k in shown {
      (line, rest) = rest.splitTop(1)
      let style: Style = k == marked ? .title : .text
      write("\(k)", columns.map { $0.text(k) }, style: style)
      var x = line.x + numbers + 1
      if named > 0 {
        let name = NameText.shortened([names[k] ?? ""], to: max(6, named), theme.glyphs)[0]
        buffer.write(name, x: x, y: line.y, style: style, limit: x + named)
        x += named + 1
      }
      guard bars >= ClassTable.leastBars, likeliest.contains(k) else { continue }
      let bar = Cell(SpectrumChart.bar(theme.glyphs), style)
      for column in 0..<SpectrumChart.cells(shares[k], of: bars) {
        buffer[x + column, line.y] = bar
      }
    }
  }
}

extension ClassTable {
  /// Probabilities without and with dropout and, once labels are counted, how often each was named.
  init(downstream state: State, width: Int) {
    let network = state.experiment.subject.network
    guard let clean = network.classification(state.experiment.clean),
      let masked = network.classification(state.observation.run)
    else {
      self.init(likeliest: [], marked: 0, names: [:], shares: [], [])
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
    let subject = state.experiment.subject
    let names = before.indices.compactMap { k in subject.className(k).map { (k, $0) } }
    self.init(
      likeliest: likeliest, marked: clean.label, names: Dictionary(uniqueKeysWithValues: names),
      shares: after, columns)
  }
}
