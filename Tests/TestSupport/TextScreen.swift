/// What a terminal of xterm's kind shows after the bytes it was sent: the part of ECMA-48 and of
/// xterm's control sequences that terminfo's xterm-256color uses. What it does not know it keeps in
/// `unknown`, so that a test can say that there was nothing.
package struct TextScreen: Sendable {
  /// What stands in one place.
  package struct Cell: Equatable, Sendable {
    /// A Unicode scalar.
    package var glyph: UInt32 = 0x20
    /// How it is drawn.
    package var style = Style()
  }

  /// Colours and attributes.
  package struct Style: Equatable, Sendable {
    /// Colour numbers; -1 is the terminal's own, 24-bit colours have bit 24 set.
    package var ink: Int32 = -1
    /// The colour behind it, likewise.
    package var paper: Int32 = -1
    /// Bit n is on for SGR n.
    package var flags: UInt16 = 0

    /// What a terminal starts with.
    package init() {}

    fileprivate init(paper: Int32) { self.paper = paper }
  }

  /// Columns.
  package private(set) var width: Int
  /// Rows.
  package private(set) var height: Int
  /// Row after row.
  package var cells: [Cell]
  var x = 0
  var y = 0
  /// How the next glyph will be drawn.
  package var style = Style()
  /// The rows that scroll.
  var region: Range<Int>
  /// DEC's private modes that are on.
  package var modes: Set<Int> = [7, 25]
  /// How many glyphs were written, blanks included.
  package var written = 0
  /// What is not understood, in words.
  package var unknown: [String] = []
  var last: UInt32 = 0x20
  var parser = Parser()
  private var main: (cells: [Cell], x: Int, y: Int, width: Int)?
  private var saved = (x: 0, y: 0)

  /// An empty screen of a size, 1×1 or more.
  package init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    cells = Array(repeating: Cell(), count: width * height)
    region = 0..<height
  }

  /// The lines, without the blanks at their ends.
  package var lines: [String] {
    (0..<height).map { row in
      var scalars = String.UnicodeScalarView()
      for cell in cells[row * width..<(row + 1) * width] {
        scalars.append(Unicode.Scalar(cell.glyph) ?? "?")
      }
      while scalars.last == " " { scalars.removeLast() }
      return String(scalars)
    }
  }

  /// The lines as one text.
  package var text: String { lines.joined(separator: "\n") }

  /// Cuts what does not fit any more, as a terminal does that is made smaller.
  package mutating func resize(width: Int, height: Int) {
    cells = TextScreen.cut(cells, self.width, to: (width, height))
    if let main {
      self.main = (
        TextScreen.cut(main.cells, main.width, to: (width, height)), min(main.x, width - 1),
        min(main.y, height - 1), width
      )
    }
    (self.width, self.height) = (width, height)
    (x, y) = (min(x, width - 1), min(y, height - 1))
    region = 0..<height
  }

  private static func cut(
    _ cells: [Cell], _ old: Int, to size: (width: Int, height: Int)
  ) -> [Cell] {
    var made: [Cell] = []
    made.reserveCapacity(size.width * size.height)
    for row in 0..<size.height {
      let start = row * old
      let kept = start < cells.count ? min(old, size.width) : 0
      if kept > 0 { made += cells[start..<start + kept] }
      made += repeatElement(Cell(), count: size.width - kept)
    }
    return made
  }

  mutating func put(_ glyph: UInt32) {
    if x >= width {
      x = 0
      lineFeed()
    }
    var cell = Cell(glyph: glyph, style: style)
    // A blank has no ink, unless bold and dim are not all it has.
    if glyph == 0x20, style.flags & ~0b110 == 0 { cell.style.ink = -1 }
    cells[y * width + x] = cell
    x += 1
    last = glyph
    written += 1
  }

  mutating func lineFeed() {
    if y == region.upperBound - 1 { scroll(region, by: 1) } else { y = min(y + 1, height - 1) }
  }

  mutating func reverseLineFeed() {
    if y == region.lowerBound { scroll(region, by: -1) } else { y = max(y - 1, 0) }
  }

  /// Moves rows up, or down where `count` is negative.
  mutating func scroll(_ rows: Range<Int>, by count: Int) {
    // A region set before the screen was made smaller may reach beyond it.
    let rows = rows.clamped(to: 0..<height)
    let old = cells
    for row in rows {
      let from = row + count
      for column in 0..<width {
        cells[row * width + column] = rows.contains(from) ? old[from * width + column] : blank
      }
    }
  }

  /// Moves the cells behind the cursor to the left, or to the right where `count` is negative.
  mutating func shift(by count: Int) {
    let row = Array(cells[y * width..<(y + 1) * width])
    for column in min(x, width)..<width {
      let from = column + count
      cells[y * width + column] = from >= x && from < width ? row[from] : blank
    }
  }

  mutating func erase(_ places: Range<Int>) {
    for place in places.clamped(to: 0..<cells.count) { cells[place] = blank }
  }

  /// Erased cells take the colour behind them (terminfo's bce).
  private var blank: Cell { Cell(style: Style(paper: style.paper)) }

  mutating func saveCursor() { saved = (x, y) }
  mutating func restoreCursor() { (x, y) = (min(saved.x, width - 1), min(saved.y, height - 1)) }

  mutating func setMode(_ mode: Int, _ isOn: Bool) {
    if mode == 1049, isOn != modes.contains(1049) {
      if isOn {
        main = (cells, x, y, width)
        cells = Array(repeating: Cell(), count: width * height)
      } else if let main {
        (cells, x, y) = (main.cells, main.x, main.y)
        self.main = nil
      }
    }
    if isOn { modes.insert(mode) } else { modes.remove(mode) }
  }
}
