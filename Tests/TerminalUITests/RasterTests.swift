import Testing
import TestSupport

@testable import TerminalUI

/// The font of the package's assets.
private let fontBytes = (try? Repository.bytes("assets/font-10x20.bin")) ?? []

struct RasterTests {
  private let font: BitmapFont
  private let red = Color(hex: 0xFF0000)
  private let blue = Color(hex: 0x0000FF)

  init() throws { font = try BitmapFont(bytes: fontBytes) }

  /// A cell's pixels: `#` ink, `.` paper.
  private func picture(_ glyph: Unicode.Scalar, _ attributes: Style.Attributes = []) -> [String] {
    let cell = Cell(glyph, Style(red, on: blue, attributes))
    let (rgb, width, height) = RasterExport.pixels(
      Buffer(width: 1, height: 1, filledWith: cell), font: font)
    return (0..<height).map { y in
      (0..<width).map { x in
        let offset = (y * width + x) * 3
        return rgb[offset..<offset + 3] == [0, 0, 255] ? "." : "#"
      }.joined()
    }
  }

  @Test func fontHasWhatTheScreenShows() {
    #expect(font.width == 10 && font.height == 20)
    let shown =
      (0x20...0x7E).compactMap { Unicode.Scalar($0) } + "×±−…→←↑↓▸◂▴▾·²°σ".unicodeScalars
    for scalar in shown { #expect(font.glyph(scalar) != nil, "\(scalar)") }
    #expect(font.glyph("漢") == nil)
    #expect(font.glyph("😀") == nil)
  }

  @Test func letters() {
    #expect(
      picture("A").joined(separator: "\n") == """
        ..........
        ..........
        ..........
        ....##....
        ...####...
        ..##..##..
        ..##..##..
        .##....##.
        .##....##.
        .##....##.
        .########.
        .##....##.
        .##....##.
        .##....##.
        .##....##.
        .##....##.
        ..........
        ..........
        ..........
        ..........
        """)
    #expect(picture("A", .bold)[3] == "....###...")
    #expect(picture(" ", .underline)[18] == "##########")
    #expect(picture(" ", .reverse)[0] == "##########")
  }

  @Test func halfBlocksAreExactHalves() {
    let full = String(repeating: "#", count: 10)
    let empty = String(repeating: ".", count: 10)
    #expect(picture("▀") == Array(repeating: full, count: 10) + Array(repeating: empty, count: 10))
    #expect(picture("▄") == Array(repeating: empty, count: 10) + Array(repeating: full, count: 10))
    #expect(picture("█") == Array(repeating: full, count: 20))
    #expect(picture("▌").allSatisfy { $0 == "#####....." })
    #expect(picture("▐").allSatisfy { $0 == ".....#####" })
  }

  @Test func linesMeetAtTheEdges() {
    #expect(picture("─")[9] == "##########")
    #expect(picture("─").filter { $0.contains("#") }.count == 2)
    #expect(picture("│").allSatisfy { $0 == "....##...." })
    #expect(picture("├")[9] == "....######")
    #expect(picture("┤")[10] == "######....")
    #expect(picture("└")[19] == "..........")
    let knob = picture("●")
    #expect(knob == knob.reversed())
    #expect(knob.allSatisfy { $0 == String($0.reversed()) })
    #expect(knob.contains("##########"))
  }

  @Test func unknownGlyphIsABox() {
    let box = picture("漢")
    #expect(box[4] == ".########.")
    #expect(box[5] == ".#......#.")
  }

  @Test func sizeFollowsTheBuffer() {
    let (rgb, width, height) = RasterExport.pixels(Buffer(width: 3, height: 2), font: font)
    #expect((width, height) == (30, 40))
    #expect(rgb.count == 3600)
    #expect(Array(rgb.prefix(3)) == [0x10, 0x12, 0x18])
    #expect(RasterExport.pixels(Buffer(width: 0, height: 0), font: font).rgb.isEmpty)
  }

  @Test func brokenFontsAreRefused() {
    func message(_ bytes: [UInt8]) -> String? {
      do {
        _ = try BitmapFont(bytes: bytes)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(message([]) == "font: expected the header DSF1, found other bytes")
    #expect(
      message(Array(fontBytes.dropLast())) == "font: 1024 glyphs are 43016 bytes, found 43015")
    #expect(
      message(Array("DSF1".utf8) + [17, 20, 0, 0])
        == "font: expected at most 16×64 pixels, found 17×20")
    #expect(
      message(Array("DSF1".utf8) + [1, 1, 2, 0, 66, 0, 65, 0, 0, 0, 0, 0])
        == "font: expected ascending scalars")
    for length in stride(from: 0, to: fontBytes.count, by: 997) {
      #expect(message(Array(fontBytes.prefix(length))) != nil)
    }
  }
}
