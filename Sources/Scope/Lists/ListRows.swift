import TerminalUI

/// The rows of a list that fit its filter, and which of them are seen in a rectangle.
struct ListRows {
  /// Those that fit, by their number in the whole list.
  let rows: [Int]
  /// How many there are in all.
  let count: Int
  /// Where the marked row stands among those that fit; where it does not fit, the next one that does.
  let position: Int

  /// Rows with their mark; `text` is what a row says, asked for only where something narrows them down,
  /// and `seen` are those that are not folded away where nothing does.
  init(count: Int, mark: ListMark, seen: [Int]? = nil, text: (Int) -> String) {
    self.count = count
    let words = ListRows.words(mark.filter)
    rows =
      words.isEmpty
      ? seen ?? Array(0..<count) : (0..<count).filter { ListRows.fits(text($0), words) }
    let next = rows.firstIndex { $0 >= mark.row } ?? rows.count - 1
    position = max(0, next)
  }

  /// The number of the marked row in the whole list; nil where none fits.
  var marked: Int? { rows.indices.contains(position) ? rows[position] : nil }

  /// Those seen in so many lines, the marked one among them.
  func seen(in lines: Int) -> ArraySlice<Int> {
    let first = ListRows.first(showing: position, of: rows.count, in: lines)
    return rows[first..<min(rows.count, first + max(0, lines))]
  }

  /// The row at a place of the screen, of a list that stands in a rectangle; nil beside it.
  func row(atX x: Int, y: Int, in list: Rect) -> Int? {
    guard list.contains(x: x, y: y) else { return nil }
    return seen(in: list.height).dropFirst(y - list.y).first
  }

  /// Each row seen with the line of the screen that it stands on.
  func lines(in list: Rect) -> [(row: Int, line: Rect)] {
    seen(in: list.height).enumerated().map { index, row in
      (row, Rect(x: list.x, y: list.y + index, width: list.width, height: 1))
    }
  }

  /// The first of so many that is seen where there is room for `lines`: such that one of them stands in
  /// the middle, and no line is empty that need not be.
  static func first(showing position: Int, of count: Int, in lines: Int) -> Int {
    min(max(0, position - lines / 2), max(0, count - lines))
  }

  /// What is typed, in words; each has to be found.
  static func words(_ filter: String) -> [Substring] {
    filter.lowercased().split(separator: " ")
  }

  /// Whether a text has all words, in any order.
  static func fits(_ text: String, _ words: [Substring]) -> Bool {
    let text = text.lowercased()
    return words.allSatisfy { text.contains($0) }
  }
}
