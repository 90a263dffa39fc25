import Testing

@testable import TerminalUI

struct MapTests {
  private let a = Color(hex: 0x0A0000)
  private let b = Color(hex: 0x0B0000)
  private let c = Color(hex: 0xFFFFF0)

  /// Shows colours as letters: upper and lower half of each cell.
  private func halves(_ buffer: Buffer) -> [String] {
    let names: [Color: String] = [a: "a", b: "b", c: "c", Palette.cursor: "*"]
    return (0..<buffer.height).map { y in
      (0..<buffer.width).map { x in
        let paint = Paint(buffer[x, y])
        return (names[paint.upper] ?? ".") + (names[paint.lower] ?? ".")
      }.joined(separator: " ")
    }
  }

  @Test func twoRowsShareACell() {
    var buffer = Buffer(width: 3, height: 3)
    HalfBlockMap(width: 2, height: 3, colors: [a, b, b, b, c, a]).draw(in: buffer.area, of: &buffer)
    #expect(halves(buffer) == ["ab bb ..", "c. a. ..", ".. .. .."])
    #expect(buffer.text == "▀\n▀▀\n")
    #expect(buffer[0, 1].style.background == Palette.background)
  }

  @Test func cursorTakesOneHalf() {
    var buffer = Buffer(width: 2, height: 1)
    var map = HalfBlockMap(width: 2, height: 2, colors: [a, a, b, b], cursor: (1, 1))
    map.draw(in: buffer.area, of: &buffer)
    #expect(halves(buffer) == ["ab a*"])
    map.cursor = (0, 0)
    map.draw(in: buffer.area, of: &buffer)
    #expect(halves(buffer) == ["*b ab"])
  }

  @Test func everyPairOfMarksHasAGlyphOfItsOwn() {
    let marks: [MapMark?] = [nil, .killed, .wasted, .notFinite]
    var pairs: [Unicode.Scalar: Int] = [:]
    for (upper, lower) in marks.flatMap({ upper in marks.map { (upper, $0) } }) {
      let cell = Cell.halves((a, upper), (b, lower), .unicode)
      pairs[cell.glyph, default: 0] += 1
      // A mark alone on its cell of text leaves the other half's colour to be seen.
      if (upper == nil) != (lower == nil) {
        #expect([cell.style.foreground, cell.style.background].contains(upper == nil ? a : b))
        #expect([cell.style.foreground, cell.style.background].contains(upper == nil ? b : a))
      }
      #expect(Glyphs.ascii(for: cell.glyph) != "?")
    }
    #expect(pairs.count == 16 && pairs.values.allSatisfy { $0 == 1 })
    #expect(Cell.halves((a, nil), (a, nil), .unicode).glyph == " ")
  }

  @Test func theCursorsCellHasNoMark() {
    var buffer = Buffer(width: 2, height: 1)
    var map = HalfBlockMap(width: 2, height: 2, colors: [a, a, b, b], cursor: (1, 0))
    map.marks = [.killed, .killed, nil, nil]
    map.draw(in: buffer.area, of: &buffer)
    #expect(buffer.text == "▅▀")
  }

  @Test func aLargerMapScrollsAndSaysSo() {
    var buffer = Buffer(width: 5, height: 3)
    var map = HalfBlockMap(
      width: 20, height: 20, colors: Array(repeating: a, count: 400), cursor: (10, 10))
    map.draw(in: buffer.area, of: &buffer)
    #expect(
      buffer.text == """
          ▴
        ◂ ▀ ▸
          ▾
        """)
    let window = map.window(in: buffer.area)
    #expect(window.x == 8 && window.y == 7 && window.width == 5 && window.height == 6)
    #expect(!window.showsAll)
    map.cursor = (0, 19)
    buffer = Buffer(width: 5, height: 3)
    map.draw(in: buffer.area, of: &buffer)
    #expect(buffer.text == "  ▴\n    ▸\n▀")
  }

  @Test func theMouseFindsTheCellDrawn() {
    let rect = Rect(x: 3, y: 2, width: 4, height: 2)
    var map = HalfBlockMap(width: 4, height: 3, colors: Array(repeating: a, count: 12))
    #expect(map.cell(atX: 3, y: 2, in: rect)! == (0, 0))
    #expect(map.cell(atX: 6, y: 3, in: rect)! == (3, 2))
    #expect(map.cell(atX: 7, y: 2, in: rect) == nil)
    map.cursor = (1, 0)
    #expect(map.cell(atX: 4, y: 2, in: rect)! == (1, 1))
    map.cursor = (1, 2)
    #expect(map.cell(atX: 4, y: 3, in: rect)! == (1, 2))
  }

  @Test(arguments: [(0, 0), (1, 1), (0, 3), (3, 0)])
  func tinyScreensAndMaps(_ width: Int, _ height: Int) {
    var buffer = Buffer(width: width, height: height)
    HalfBlockMap(width: 2, height: 2, colors: [a, b, c, a], cursor: (1, 1))
      .draw(in: buffer.area, of: &buffer)
    AsciiMap(width: 2, height: 2, cells: Array(repeating: Cell("#"), count: 4), cursor: (0, 0))
      .draw(in: buffer.area, of: &buffer)
    var screen = Buffer(width: 3, height: 3)
    HalfBlockMap(width: 0, height: 0, colors: []).draw(in: screen.area, of: &screen)
    HalfBlockMap(width: 0, height: 5, colors: []).draw(in: screen.area, of: &screen)
    AsciiMap(width: 5, height: 0, cells: []).draw(in: screen.area, of: &screen)
    #expect(screen.text == "\n\n")
    HalfBlockMap(width: 1, height: 1, colors: [a]).draw(in: screen.area, of: &screen)
    #expect(screen.text == "▀\n\n")
  }

  @Test func asciiMapShowsOneCellForEach() {
    var buffer = Buffer(width: 6, height: 2)
    let cells = " .:-=+".unicodeScalars.map { Cell($0) }
    var map = AsciiMap(width: 3, height: 2, cells: cells)
    map.draw(in: buffer.area, of: &buffer, glyphs: .ascii)
    #expect(buffer.text == " .:\n-=+")
    map.columnsPerCell = 2
    map.cursor = (1, 1)
    map.draw(in: buffer.area, of: &buffer, glyphs: .ascii)
    #expect(buffer.text == "  ..::\n--==++")
    #expect(buffer[2, 1].style.background == Palette.cursor)
    #expect(buffer[3, 1].style.background == Palette.cursor)
    #expect(buffer[4, 1].style.background != Palette.cursor)
    #expect(map.cell(atX: 3, y: 1, in: buffer.area)! == (1, 1))
  }

  @Test func asciiMapScrolls() {
    var buffer = Buffer(width: 3, height: 3)
    let cells = (0..<100).map { Cell(Unicode.Scalar(UInt8(48 + $0 % 10))) }
    AsciiMap(width: 10, height: 10, cells: cells, cursor: (9, 0))
      .draw(in: buffer.area, of: &buffer, glyphs: .ascii)
    #expect(
      buffer.text == """
        789
        <89
        7v9
        """)
  }
}
