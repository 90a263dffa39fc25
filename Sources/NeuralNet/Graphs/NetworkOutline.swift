/// A network's table as an outline: its rows, in groups of those whose names begin alike and of blocks that
/// repeat, and under each node that holds graphs the nodes of those.
public struct NetworkOutline: Sendable {
  /// A line of the outline, all that can be opened being open.
  public struct Line: Sendable {
    /// What it stands for.
    public let content: Content
    /// What it is called among the lines around it.
    public let label: String
    /// How many lines it is under.
    public let depth: Int
    /// The line that it is under; nil at the top.
    public let parent: Int?
    /// Whether lines are under it.
    public internal(set) var opens = false
  }

  /// What a line stands for.
  public enum Content: Equatable, Sendable {
    /// A row of the table, by its index.
    case row(Int)
    /// Several rows; `blocks` says of how many that are alike they are, 1 where they are none.
    case group(Range<Int>, blocks: Int)
    /// A graph of several that a node holds, by the number of its nodes.
    case graph(Int)
    /// A node of a graph that a node holds: its operator, and what the graph around calls what it makes.
    case inner(String, value: String)
  }

  /// The lines, each behind the one it is under.
  public private(set) var lines: [Line] = []
  /// The rows of values inside nodes, by value; they have no lines but those of what makes them.
  private var inside: [String: Int] = [:]

  /// The outline of a network's rows.
  /// - Parameter isGrouped: whether rows stand in groups; else all are at the top
  public init(_ rows: [NetworkRow], of graph: Graph, isGrouped: Bool) {
    let outer = rows.firstIndex(where: \.isInside) ?? rows.count
    for row in outer..<rows.count { inside[rows[row].value] = row }
    let entries =
      isGrouped ? Grouping(rows).entries(0..<outer) : (0..<outer).map { Entry.row($0) }
    for entry in entries { add(entry, rows, graph, under: nil, prefix: "") }
  }

  /// Which lines are seen where some are open, by their indices.
  public func seen(opened: Set<Int>) -> [Int] {
    var isSeen = [Bool](repeating: false, count: lines.count)
    return lines.indices.filter { index in
      isSeen[index] = lines[index].parent.map { isSeen[$0] && opened.contains($0) } ?? true
      return isSeen[index]
    }
  }

  /// The row that a line stands for; nil where it stands for something else.
  public func row(at line: Int) -> Int? {
    guard lines.indices.contains(line), case .row(let row) = lines[line].content else { return nil }
    return row
  }

  /// The line of a row.
  public func line(ofRow row: Int) -> Int? { lines.firstIndex { $0.content == .row(row) } }

  /// The lines that a line is under.
  public func parents(of line: Int) -> [Int] {
    var (found, next) = ([Int](), lines[line].parent)
    while let line = next {
      found.append(line)
      next = lines[line].parent
    }
    return found
  }

  private mutating func add(
    _ entry: Entry, _ rows: [NetworkRow], _ graph: Graph, under parent: Int?, prefix: String
  ) {
    switch entry {
    case .row(let row):
      let line = append(.row(row), NetworkOutline.label(rows[row].name, prefix), under: parent)
      if let node = rows[row].node { add(inside: node, of: graph, "", under: line) }
    case .group(let group):
      let label = group.title.isEmpty ? group.prefix : group.title
      let content = Content.group(group.rows, blocks: group.blocks)
      let line = append(content, NetworkOutline.label(label, prefix), under: parent)
      for entry in group.entries {
        add(entry, rows, graph, under: line, prefix: group.title.isEmpty ? group.prefix : prefix)
      }
    }
  }

  /// The nodes of the graphs that a node holds, under the name of each where there are several.
  /// - Parameter outer: what stands before the names of values of its graph
  private mutating func add(inside index: Int, of graph: Graph, _ outer: String, under parent: Int)
  {
    let bodies = graph.bodies(ofNode: index)
    for (path, name, body) in bodies {
      let nodes = body.graph.nodes
      let place = bodies.count > 1 ? append(.graph(nodes.count), name, under: parent) : parent
      for (index, node) in nodes.enumerated() {
        let value = outer + path + (node.result ?? "")
        let content = inside[value].map { Content.row($0) } ?? .inner(node.opType, value: value)
        let line = append(content, node.name, under: place)
        guard lines[line].depth < NetworkOutline.deepest else { continue }
        add(inside: index, of: body.graph, outer + path, under: line)
      }
    }
  }

  /// Graphs in graphs are listed as deep as this.
  private static let deepest = 16

  private mutating func append(_ content: Content, _ label: String, under parent: Int?) -> Int {
    let depth = parent.map { lines[$0].depth + 1 } ?? 0
    if let parent { lines[parent].opens = true }
    lines.append(Line(content: content, label: label, depth: depth, parent: parent))
    return lines.count - 1
  }

  /// A name without what the line it is under says already.
  private static func label(_ name: String, _ prefix: String) -> String {
    guard !prefix.isEmpty, name.hasPrefix(prefix) else { return name }
    let rest = name.dropFirst(prefix.count).drop { Grouping.separators.contains($0) }
    return rest.isEmpty ? name : String(rest)
  }
}

/// A row, or rows that stand together.
private enum Entry {
  case row(Int)
  indirect case group(Group)

  struct Group {
    /// How the names of its rows begin.
    var prefix = ""
    /// What blocks that repeat are called; empty where the prefix says it.
    var title = ""
    var entries: [Entry]
    var rows: Range<Int>
    var blocks = 1
  }

  var rows: Range<Int> {
    switch self {
    case .row(let row): row..<row + 1
    case .group(let group): group.rows
    }
  }
}

/// Finds rows whose names begin alike, `features.3.conv` and `features.3.relu`, and blocks that repeat.
private struct Grouping {
  static let separators: Set<Character> = ["/", "."]
  private let rows: [NetworkRow]
  /// The ends of the beginnings of each name: `features`, `features.3`.
  private let ends: [[String.Index]]
  /// A number for what each row does.
  private let kinds: [Int]

  init(_ rows: [NetworkRow]) {
    self.rows = rows
    ends = rows.map { row in
      row.name.indices.dropFirst().filter { Grouping.separators.contains(row.name[$0]) }
    }
    var numbers: [String?: Int] = [:]
    kinds = rows.map { row in
      let number = numbers[row.opType] ?? numbers.count
      numbers[row.opType] = number
      return number
    }
  }

  /// The rows of a range, in groups by the beginnings of their names from one on.
  func entries(_ range: Range<Int>, from level: Int = 0) -> [Entry] {
    var (entries, next) = ([Entry](), range.lowerBound)
    while next < range.upperBound {
      guard let prefix = prefix(next, level) else {
        entries.append(.row(next))
        next += 1
        continue
      }
      let start = next
      while next < range.upperBound, self.prefix(next, level) == prefix { next += 1 }
      let inner = self.entries(start..<next, from: level + 1)
      if next - start == 1 || start..<next == range {
        // One row, or all there are: nothing is told by a line more.
        entries += inner
      } else if inner.count == 1, case .group = inner[0] {
        entries += inner
      } else {
        entries.append(
          .group(.init(prefix: String(prefix), entries: inner, rows: start..<next)))
      }
    }
    return folded(entries)
  }

  private func prefix(_ row: Int, _ level: Int) -> Substring? {
    level < ends[row].count ? rows[row].name[..<ends[row][level]] : nil
  }

  /// The longest block, in entries, and how many kinds of blocks are looked for in one place.
  private static let (longest, most) = (256, 16)

  /// Entries with those that repeat three times or more under one. O(entries × longest).
  private func folded(_ entries: [Entry], atMost most: Int = Grouping.most) -> [Entry] {
    guard most > 0 else { return entries }
    let kinds = entries.map(kind)
    var best = (covered: 0, start: 0, period: 0, blocks: 0)
    for period in 1..<max(2, min(entries.count / 3, Grouping.longest) + 1) {
      var (start, run) = (0, 0)
      func look(_ end: Int) {
        let blocks = (run + period) / period
        guard blocks >= 3 else { return }
        let rows =
          entries[start].rows.lowerBound..<entries[start + blocks * period - 1].rows.upperBound
        // Blocks of one row are no blocks.
        guard rows.count >= 2 * blocks, rows.count > best.covered else { return }
        best = (rows.count, start, period, blocks)
      }
      for index in 0..<max(0, entries.count - period) {
        if kinds[index] == kinds[index + period] {
          if run == 0 { start = index }
          run += 1
        } else {
          if run > 0 { look(index) }
          run = 0
        }
      }
      if run > 0 { look(entries.count) }
    }
    guard best.blocks > 0 else { return entries }
    let end = best.start + best.blocks * best.period
    return folded(Array(entries[..<best.start]), atMost: most / 2)
      + [repeated(Array(entries[best.start..<end]), of: best.period)]
      + folded(Array(entries[end...]), atMost: most / 2)
  }

  /// One entry for blocks of so many entries.
  private func repeated(_ entries: [Entry], of period: Int) -> Entry {
    let rows = entries[0].rows.lowerBound..<entries[entries.count - 1].rows.upperBound
    let count = entries.count / period
    if period == 1, case .group(let first) = entries[0], case .group(let last)? = entries.last {
      return .group(
        .init(
          title: "\(first.prefix) … \(last.prefix)", entries: entries, rows: rows, blocks: count))
    }
    let blocks = (0..<count).map { block in
      let own = Array(entries[block * period..<(block + 1) * period])
      return Entry.group(
        .init(
          title: "block \(block + 1) of \(count)", entries: own,
          rows: own[0].rows.lowerBound..<own[own.count - 1].rows.upperBound))
    }
    let first = entries[0].rows.lowerBound
    return .group(
      .init(title: "\(self.rows[first].name) …", entries: blocks, rows: rows, blocks: count))
  }

  /// A number that entries of the same operators in the same order share.
  private func kind(_ entry: Entry) -> Int {
    switch entry {
    case .row(let row): return kinds[row]
    case .group(let group):
      var hasher = Hasher()
      for entry in group.entries { hasher.combine(kind(entry)) }
      return hasher.finalize()
    }
  }
}
