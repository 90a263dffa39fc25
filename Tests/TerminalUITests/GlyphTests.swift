import Testing

@testable import TerminalUI

struct GlyphTests {
  private func scalars(_ glyphs: Glyphs) -> [Unicode.Scalar] {
    Mirror(reflecting: glyphs).children.flatMap { child -> [Unicode.Scalar] in
      if let scalar = child.value as? Unicode.Scalar { return [scalar] }
      if let string = child.value as? String { return Array(string.unicodeScalars) }
      return []
    }
  }

  @Test func everyGlyphTakesOneColumn() {
    #expect(scalars(.unicode).count > 25)
    #expect(scalars(.unicode).allSatisfy { $0.isOneColumn })
  }

  @Test func asciiGlyphsAreASCII() {
    #expect(scalars(.ascii).allSatisfy { $0.isASCII && $0.isOneColumn })
    #expect(Ramp.glyphs.allSatisfy { $0.isASCII })
  }

  @Test func everyUnicodeGlyphHasAStandIn() {
    for scalar in scalars(.unicode) {
      #expect(Glyphs.ascii(for: scalar).isASCII)
      #expect(Glyphs.ascii(for: scalar) != "?", "\(scalar)")
    }
    #expect(Glyphs.ascii(for: "漢") == "?")
  }
}
