/// Blocks, lines and knobs as geometry, so that neighbouring cells meet without a seam.
struct BlockShape {
  private let width, height: Int
  private let form: Form

  private enum Form {
    /// Eighths of the cell: columns and rows that are filled.
    case eighths(columns: Range<Int>, rows: Range<Int>)
    /// Quarters of the cell: upper left, upper right, lower left, lower right.
    case quadrants([Bool])
    /// A pattern of dots, quarters of the area.
    case shade(Int)
    /// Lines from the middle to these edges.
    case lines(Edges)
    /// A disc as wide as the cell.
    case knob
    /// A Braille pattern: a bit for each dot, in Unicode's order.
    case braille(UInt32)
  }

  private struct Edges: OptionSet {
    let rawValue: Int
    static let left = Edges(rawValue: 1)
    static let right = Edges(rawValue: 2)
    static let up = Edges(rawValue: 4)
    static let down = Edges(rawValue: 8)
  }

  /// The shape of a glyph in a cell of some size; nil for glyphs that come from a font.
  init?(_ glyph: Unicode.Scalar, width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    switch glyph {
    case "▀": form = .eighths(columns: 0..<8, rows: 0..<4)
    case "▁"..."█": form = .eighths(columns: 0..<8, rows: 8 - Int(glyph.value - 0x2580)..<8)
    case "▉"..."▏": form = .eighths(columns: 0..<(8 - Int(glyph.value - 0x2588)), rows: 0..<8)
    case "▐": form = .eighths(columns: 4..<8, rows: 0..<8)
    case "▖": form = .quadrants([false, false, true, false])
    case "▗": form = .quadrants([false, false, false, true])
    case "▘": form = .quadrants([true, false, false, false])
    case "▝": form = .quadrants([false, true, false, false])
    case "▚": form = .quadrants([true, false, false, true])
    case "▞": form = .quadrants([false, true, true, false])
    case "░": form = .shade(1)
    case "▒": form = .shade(2)
    case "▓": form = .shade(3)
    case "─": form = .lines([.left, .right])
    case "│": form = .lines([.up, .down])
    case "┌": form = .lines([.right, .down])
    case "┐": form = .lines([.left, .down])
    case "└": form = .lines([.right, .up])
    case "┘": form = .lines([.left, .up])
    case "├": form = .lines([.right, .up, .down])
    case "┤": form = .lines([.left, .up, .down])
    case "┬": form = .lines([.left, .right, .down])
    case "┴": form = .lines([.left, .right, .up])
    case "┼": form = .lines([.left, .right, .up, .down])
    case "●": form = .knob
    case "\u{2800}"..."\u{28FF}": form = .braille(glyph.value - 0x2800)
    default: return nil
    }
  }

  /// Whether a pixel of the cell belongs to the shape.
  func contains(_ x: Int, _ y: Int) -> Bool {
    switch form {
    case .eighths(let columns, let rows):
      return columns.contains(x * 8 / width) && rows.contains(y * 8 / height)
    case .quadrants(let quarters):
      return quarters[(y * 2 / height) * 2 + x * 2 / width]
    case .shade(let quarters):
      switch quarters {
      case 1: return x % 2 == 0 && y % 2 == 0
      case 2: return (x + y) % 2 == 0
      default: return !(x % 2 == 0 && y % 2 == 0)
      }
    case .lines(let edges):
      let (middleX, middleY) = ((width - 1) / 2, (height - 1) / 2)
      let onRow = (middleY...middleY + 1).contains(y)
      let onColumn = (middleX...middleX + 1).contains(x)
      return onRow && (edges.contains(.left) && x <= middleX + 1)
        || onRow && (edges.contains(.right) && x >= middleX)
        || onColumn && (edges.contains(.up) && y <= middleY + 1)
        || onColumn && (edges.contains(.down) && y >= middleY)
    case .knob:
      // In doubled coordinates, so that the middle of an even size is whole.
      let (dx, dy) = (2 * x + 1 - width, 2 * y + 1 - height)
      return dx * dx + dy * dy <= width * width
    case .braille(let dots):
      // Each dot fills the middle of its part of the cell, so that a chain of dots is a line.
      let (column, row) = (x * 2 / width, y * 4 / height)
      let bit: UInt32 = row == 3 ? 0x40 << UInt32(column) : 1 << UInt32(row + 3 * column)
      let (left, top) = (column * width / 2, row * height / 4)
      return dots & bit != 0 && (1...3).contains(x - left) && (1...3).contains(y - top)
    }
  }
}
