/// One cell of the screen: a glyph one column wide and its style.
public struct Cell: Hashable, Sendable {
  /// The glyph; always one column wide.
  public var glyph: Unicode.Scalar
  /// How it looks.
  public var style: Style

  /// A cell; by default a blank in the terminal's own colours.
  public init(_ glyph: Unicode.Scalar = " ", _ style: Style = .plain) {
    (self.glyph, self.style) = (glyph, style)
  }
}

/// A grid of cells that panels draw into. Writing outside of it does nothing, so a panel need not
/// know how much of it is visible.
public struct Buffer: Equatable, Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// The cells, row by row.
  public private(set) var cells: [Cell]

  /// A blank grid; negative sizes become 0.
  public init(width: Int, height: Int, filledWith cell: Cell = Cell()) {
    (self.width, self.height) = (max(0, width), max(0, height))
    cells = Array(repeating: cell, count: self.width * self.height)
  }

  /// All of it.
  public var area: Rect { Rect(width: width, height: height) }

  /// The cell at a place; blank outside of the grid, where setting does nothing.
  public subscript(x: Int, y: Int) -> Cell {
    get { area.contains(x: x, y: y) ? cells[y * width + x] : Cell() }
    set { if area.contains(x: x, y: y) { cells[y * width + x] = newValue } }
  }

  /// Fills a rectangle with one cell.
  public mutating func fill(_ rect: Rect, with cell: Cell) {
    let visible = rect.intersection(area)
    for y in visible.y..<visible.bottom {
      for x in visible.x..<visible.right { cells[y * width + x] = cell }
    }
  }

  /// Writes text from (x, y) to the right, cut at `limit` (the buffer's edge if nil). Every scalar
  /// takes one column; those that combine or are wide become `?`, those that cannot be seen the escapes
  /// of `VisibleText`.
  /// - Returns: the column after the last one written.
  @discardableResult
  public mutating func write(
    _ text: String, x: Int, y: Int, style: Style = .plain, limit: Int? = nil
  ) -> Int {
    let end = min(width, limit ?? width)
    var column = x
    for scalar in VisibleText.line(text).unicodeScalars {
      guard column < end else { break }
      self[column, y] = Cell(scalar.isOneColumn ? scalar : "?", style)
      column += 1
    }
    return max(x, column)
  }

  /// The text of one row, trailing blanks removed.
  public func row(_ y: Int) -> String {
    var scalars = (0..<width).map { self[$0, y].glyph }
    while scalars.last == " " { scalars.removeLast() }
    return String(String.UnicodeScalarView(scalars))
  }

  /// The text of all rows, a line each: what tests compare.
  public var text: String { (0..<height).map(row).joined(separator: "\n") }
}

extension Unicode.Scalar {
  /// Whether every terminal gives it exactly one column: Latin, Greek, Cyrillic, punctuation,
  /// arrows, mathematics, box drawing, blocks, geometric shapes, Braille; nothing that combines.
  var isOneColumn: Bool {
    switch value {
    case 0x20...0x7E, 0xA1...0x2FF, 0x370...0x482, 0x48A...0x58F: value != 0xAD
    case 0x2010...0x2027, 0x2030...0x205E, 0x2070...0x20BF: true
    case 0x2100...0x2319, 0x231C...0x2328, 0x232B...0x23E8, 0x2400...0x25FC: true
    case 0x25FF...0x2613, 0x2616...0x2647, 0x2800...0x28FF: true
    default: false
    }
  }
}
