/// A screen as a picture of rectangles and text, for documents.
public enum SVGExport {
  /// The width of a cell in the picture's units.
  public static let cellWidth = 10
  /// The height of a cell.
  public static let cellHeight = 20

  /// An SVG 1.1 document. Backgrounds and half-blocks are rectangles, everything else is text in
  /// the reader's monospace font, each run stretched to its columns so that they stay aligned.
  public static func string(_ buffer: Buffer) -> String {
    let (width, height) = (buffer.width * cellWidth, buffer.height * cellHeight)
    var out = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-size="16" \
      font-family="'DejaVu Sans Mono','Liberation Mono',Menlo,Consolas,monospace">
      <rect width="\(width)" height="\(height)" fill="\(Palette.background.hex)"/>
      <g shape-rendering="crispEdges">

      """
    for y in 0..<buffer.height {
      addRects(&out, buffer, y, half: 0)
      addRects(&out, buffer, y, half: 1)
    }
    out += "</g>\n"
    for y in 0..<buffer.height {
      addText(&out, buffer, y)
      addDots(&out, buffer, y)
    }
    return out + "</svg>\n"
  }

  /// The colours of the upper (0) or lower (1) half of a row, as runs of rectangles; where the two
  /// halves of a cell are the same, the upper one's rectangle covers both.
  private static func addRects(_ out: inout String, _ buffer: Buffer, _ y: Int, half: Int) {
    var x = 0
    while x < buffer.width {
      let fill = Paint(buffer[x, y])
      let start = x
      let isWhole = fill.upper == fill.lower
      while x < buffer.width {
        let next = Paint(buffer[x, y])
        guard next.halves[half] == fill.halves[half], (next.upper == next.lower) == isWhole else {
          break
        }
        x += 1
      }
      if isWhole && half == 1 || fill.halves[half] == Palette.background { continue }
      let rows = isWhole ? cellHeight : cellHeight / 2
      out += "<rect x=\"\(start * cellWidth)\" y=\"\(y * cellHeight + half * cellHeight / 2)\" "
      out += "width=\"\((x - start) * cellWidth)\" height=\"\(rows)\" "
      out += "fill=\"\(fill.halves[half].hex)\"/>\n"
    }
  }

  private static func addText(_ out: inout String, _ buffer: Buffer, _ y: Int) {
    var x = 0
    while x < buffer.width {
      let style = buffer[x, y].style
      if let eighths = buffer[x, y].glyph.lowerEighths {
        // As a rectangle, since fonts leave seams beside theirs.
        let height = cellHeight * eighths / 8
        out += "<rect x=\"\(x * cellWidth)\" y=\"\((y + 1) * cellHeight - height)\" "
        out += "width=\"\(cellWidth)\" height=\"\(height)\" "
        out += "fill=\"\(Paint.colors(of: style).ink.hex)\" shape-rendering=\"crispEdges\"/>\n"
        x += 1
        continue
      }
      guard Paint.isText(buffer[x, y].glyph), buffer[x, y].glyph != " " else {
        x += 1
        continue
      }
      let start = x
      var run = String.UnicodeScalarView()
      while x < buffer.width, buffer[x, y].style == style, Paint.isText(buffer[x, y].glyph),
        buffer[x, y].glyph.lowerEighths == nil
      {
        run.append(buffer[x, y].glyph)
        x += 1
      }
      while run.last == " " { run.removeLast() }
      let ink = Paint.colors(of: style).ink
      out += "<text x=\"\(start * cellWidth)\" y=\"\(y * cellHeight + 15)\" "
      out += "textLength=\"\(run.count * cellWidth)\" lengthAdjust=\"spacingAndGlyphs\" "
      out += "xml:space=\"preserve\" fill=\"\(ink.hex)\""
      if style.attributes.contains(.bold) { out += " font-weight=\"bold\"" }
      if style.attributes.contains(.dim) { out += " opacity=\"0.6\"" }
      if style.attributes.contains(.underline) { out += " text-decoration=\"underline\"" }
      out += ">\(escaped(run))</text>\n"
    }
  }

  /// Braille patterns as discs: few fonts have them, and in none do they meet.
  private static func addDots(_ out: inout String, _ buffer: Buffer, _ y: Int) {
    for x in 0..<buffer.width {
      let cell = buffer[x, y]
      guard (0x2801...0x28FF).contains(cell.glyph.value) else { continue }
      let ink = Paint.colors(of: cell.style).ink
      for dot in 0..<8 where (cell.glyph.value - 0x2800) & 1 << UInt32(dot) != 0 {
        // Unicode counts three rows of the left column, three of the right, then the fourth row.
        let (column, row) = dot < 6 ? (dot / 3, dot % 3) : (dot - 6, 3)
        out += "<circle cx=\"\(x * cellWidth + (2 * column + 1) * cellWidth / 4)\" "
        out += "cy=\"\(y * cellHeight + (2 * row + 1) * cellHeight / 8)\" "
        out += "r=\"2\" fill=\"\(ink.hex)\"/>\n"
      }
    }
  }

  private static func escaped(_ run: String.UnicodeScalarView) -> String {
    var out = ""
    for scalar in run {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}

extension Unicode.Scalar {
  /// How many eighths of a cell a block fills from below, one to seven; nil for all else.
  fileprivate var lowerEighths: Int? {
    ("▁"..."▇").contains(self) && self != "▄" ? Int(value) - 0x2580 : nil
  }
}

extension Color {
  /// `#d55e00`; the terminal's own colour as the theme's text.
  var hex: String {
    guard case .rgb(let r, let g, let b) = self else { return Palette.text.hex }
    let digits = Array("0123456789abcdef".unicodeScalars)
    var out = "#".unicodeScalars
    for byte in [r, g, b] {
      out.append(digits[Int(byte >> 4)])
      out.append(digits[Int(byte & 15)])
    }
    return String(out)
  }
}
