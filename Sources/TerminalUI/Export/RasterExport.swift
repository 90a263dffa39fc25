/// A screen as pixels.
public enum RasterExport {
  /// Eight-bit red, green, blue for every pixel, row by row from the top; a cell is as large as the
  /// font's glyphs. Blocks, lines and the parts of a gauge are drawn to meet exactly at the edges of
  /// their cells; what neither the font nor this code has is drawn as an empty box.
  public static func pixels(
    _ buffer: Buffer, font: BitmapFont
  ) -> (rgb: [UInt8], width: Int, height: Int) {
    var canvas = Canvas(width: buffer.width * font.width, height: buffer.height * font.height)
    for y in 0..<buffer.height {
      for x in 0..<buffer.width {
        draw(buffer[x, y], at: (x * font.width, y * font.height), font, &canvas)
      }
    }
    return (canvas.rgb, canvas.width, canvas.height)
  }

  private struct Canvas {
    let width, height: Int
    var rgb: [UInt8]

    init(width: Int, height: Int) {
      (self.width, self.height) = (width, height)
      rgb = Array(repeating: 0, count: width * height * 3)
    }

    mutating func set(_ x: Int, _ y: Int, _ color: (UInt8, UInt8, UInt8)) {
      let offset = (y * width + x) * 3
      (rgb[offset], rgb[offset + 1], rgb[offset + 2]) = color
    }
  }

  private static func draw(
    _ cell: Cell, at origin: (x: Int, y: Int), _ font: BitmapFont, _ canvas: inout Canvas
  ) {
    var (ink, paper) = Paint.colors(of: cell.style)
    if cell.style.attributes.contains(.dim) { ink = mix(ink, paper) }
    let (inkBytes, paperBytes) = (components(ink), components(paper))
    let isBold = cell.style.attributes.contains(.bold)
    let isUnderlined = cell.style.attributes.contains(.underline)
    let shape = BlockShape(cell.glyph, width: font.width, height: font.height)
    let glyph = cell.glyph == " " ? nil : font.glyph(cell.glyph)
    for y in 0..<font.height {
      var bits: UInt16 = 0
      if shape == nil, let glyph {
        bits = glyph[glyph.startIndex + y]
        if isBold { bits |= bits >> 1 }
      }
      for x in 0..<font.width {
        let isInk: Bool
        if let shape {
          isInk = shape.contains(x, y)
        } else if glyph != nil || cell.glyph == " " {
          isInk = bits & (0x8000 >> UInt16(x)) != 0
        } else {
          isInk = isBox(x, y, font)
        }
        let isLine = isUnderlined && y == font.height - 2
        canvas.set(origin.x + x, origin.y + y, isInk || isLine ? inkBytes : paperBytes)
      }
    }
  }

  private static func isBox(_ x: Int, _ y: Int, _ font: BitmapFont) -> Bool {
    let (left, right, top, bottom) = (1, font.width - 2, 4, font.height - 5)
    guard (left...max(left, right)).contains(x), (top...max(top, bottom)).contains(y) else {
      return false
    }
    return x == left || x == right || y == top || y == bottom
  }

  private static func components(_ color: Color) -> (UInt8, UInt8, UInt8) {
    guard case .rgb(let r, let g, let b) = color else { return (0, 0, 0) }
    return (r, g, b)
  }

  private static func mix(_ a: Color, _ b: Color) -> Color {
    let (a, b) = (components(a), components(b))
    func half(_ a: UInt8, _ b: UInt8) -> UInt8 { UInt8((3 * Int(a) + 2 * Int(b)) / 5) }
    return .rgb(half(a.0, b.0), half(a.1, b.1), half(a.2, b.2))
  }
}
