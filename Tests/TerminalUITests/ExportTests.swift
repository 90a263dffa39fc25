import Testing

@testable import TerminalUI

struct ExportTests {
  private let red = Color(hex: 0xFF0000)
  private let blue = Color(hex: 0x0000FF)

  @Test func textIsTheRows() {
    var buffer = Buffer(width: 6, height: 2)
    buffer.write("a → b", x: 0, y: 0)
    #expect(TextExport.text(buffer) == "a → b\n\n")
    #expect(TextExport.text(buffer, ascii: true) == "a > b\n\n")
    #expect(TextExport.text(Buffer(width: 0, height: 0)) == "")
  }

  @Test func ansiWritesOnlyChanges() {
    var buffer = Buffer(width: 5, height: 2)
    buffer.write("ab", x: 0, y: 0, style: Style(red, on: .terminal, .bold))
    buffer.write("c", x: 2, y: 0, style: Style(red, on: blue))
    let esc = "\u{1B}"
    #expect(
      ANSIExport.string(buffer, depth: .truecolor)
        == "\(esc)[1;38;2;255;0;0mab\(esc)[0;38;2;255;0;0;48;2;0;0;255mc\(esc)[0m\n\n")
    #expect(
      ANSIExport.string(buffer, depth: .palette256)
        == "\(esc)[1;38;5;196mab\(esc)[0;38;5;196;48;5;21mc\(esc)[0m\n\n")
    #expect(
      ANSIExport.string(buffer, depth: .ansi16)
        == "\(esc)[1;91mab\(esc)[0;91;44mc\(esc)[0m\n\n")
    #expect(ANSIExport.string(buffer, depth: .none) == "\(esc)[1mab\(esc)[0mc\n\n")
  }

  @Test func ansiGoesBackToTheTerminalsColours() {
    var buffer = Buffer(width: 3, height: 1)
    buffer.write("a", x: 0, y: 0, style: Style(red, on: blue))
    buffer.write("b", x: 1, y: 0, style: Style(.terminal, on: blue))
    buffer.write("c", x: 2, y: 0)
    #expect(
      ANSIExport.string(buffer, depth: .ansi8)
        == "\u{1B}[31;44ma\u{1B}[39mb\u{1B}[49mc\n")
    #expect(ANSIExport.string(Buffer(width: 0, height: 0), depth: .truecolor) == "")
    #expect(ANSIExport.string(Buffer(width: 1, height: 1), depth: .truecolor) == "\n")
  }

  @Test func svgHasRectanglesForHalves() {
    var buffer = Buffer(width: 3, height: 1)
    buffer[0, 0] = Cell("▀", Style(red, on: blue))
    buffer[1, 0] = Cell("▀", Style(red, on: blue))
    buffer[2, 0] = Cell(" ", Style(red, on: red))
    let svg = SVGExport.string(buffer)
    let rects = svg.split(separator: "\n").filter { $0.hasPrefix("<rect x") }
    #expect(
      rects == [
        ##"<rect x="0" y="0" width="20" height="10" fill="#ff0000"/>"##,
        ##"<rect x="20" y="0" width="10" height="20" fill="#ff0000"/>"##,
        ##"<rect x="0" y="10" width="20" height="10" fill="#0000ff"/>"##,
      ])
    #expect(!svg.contains("<text"))
  }

  @Test func svgTextIsEscapedAndAligned() {
    var buffer = Buffer(width: 12, height: 2)
    buffer.write("a<b & \"c\"  ", x: 1, y: 1, style: Style(red, on: .terminal, .bold))
    let text = SVGExport.string(buffer).split(separator: "\n").filter { $0.hasPrefix("<text") }
    #expect(
      text == [
        """
        <text x="10" y="35" textLength="90" lengthAdjust="spacingAndGlyphs" xml:space="preserve" \
        fill="#ff0000" font-weight="bold">a&lt;b &amp; "c"</text>
        """
      ])
  }

  @Test func svgOfNothingIsStillADocument() {
    let svg = SVGExport.string(Buffer(width: 0, height: 0))
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
  }

  @Test func marksInSVGAreRectangles() {
    var buffer = Buffer(width: 3, height: 1)
    buffer.write("▃▅a", x: 0, y: 0, style: Style(Palette.killed, on: Palette.kept))
    let svg = SVGExport.string(buffer)
    #expect(!svg.contains("▃") && !svg.contains("▅") && svg.contains(">a</text>"))
    #expect(svg.components(of: "fill=\"\(Palette.killed.hex)\" shape") == 2)
  }
}

extension String {
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
