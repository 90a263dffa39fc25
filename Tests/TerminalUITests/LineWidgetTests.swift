import Testing

@testable import TerminalUI

struct LineWidgetTests {
  private func gauge(_ fraction: Double, _ width: Int, _ glyphs: Glyphs = .unicode) -> String {
    var buffer = Buffer(width: width, height: 1)
    Gauge(fraction).draw(in: buffer.area, of: &buffer, glyphs: glyphs)
    return buffer.text
  }

  @Test func gaugeStandsWhereItShould() {
    #expect(gauge(0, 11) == "├●────────┤")
    #expect(gauge(0.5, 11) == "├────●────┤")
    #expect(gauge(1, 11) == "├────────●┤")
    #expect(gauge(0.25, 11, .ascii) == "[==O------]")
  }

  @Test func gaugeTakesAnyNumber() {
    #expect(gauge(.nan, 6) == "├●───┤")
    #expect(gauge(-3, 6) == "├●───┤")
    #expect(gauge(.infinity, 6) == "├───●┤")
  }

  @Test func gaugeInLittleRoom() {
    #expect(gauge(0.5, 0) == "")
    #expect(gauge(0.5, 1) == "●")
    #expect(gauge(1, 3) == "──●")
    #expect(gauge(0.5, 4) == "├─●┤")
  }

  @Test func gaugeIsFilledUpToTheKnob() {
    var buffer = Buffer(width: 11, height: 1)
    let filled = Style(Palette.killed, on: Palette.background)
    Gauge(0.5, filled: filled).draw(in: buffer.area, of: &buffer)
    #expect((0..<5).allSatisfy { buffer[$0, 0].style == filled })
    #expect((6..<11).allSatisfy { buffer[$0, 0].style == .dim })
  }

  @Test func gaugeAnswersTheMouse() {
    let rect = Rect(x: 5, y: 0, width: 11, height: 1)
    #expect(Gauge.fraction(atX: 5, in: rect) == 0)
    #expect(Gauge.fraction(atX: 10, in: rect) == 0.5)
    #expect(Gauge.fraction(atX: 15, in: rect) == 1)
    #expect(Gauge.fraction(atX: 16, in: rect) == nil)
    #expect(Gauge.fraction(atX: 0, in: Rect(width: 1, height: 1)) == 0)
    for step in 0...8 {
      let fraction = Gauge.fraction(atX: 6 + step, in: rect)!
      var buffer = Buffer(width: 20, height: 1)
      Gauge(fraction).draw(in: rect, of: &buffer)
      #expect(buffer[6 + step, 0].glyph == "●")
    }
  }

  private func line(_ line: TextLine, _ width: Int, _ glyphs: Glyphs = .unicode) -> String {
    var buffer = Buffer(width: width, height: 1)
    line.draw(in: buffer.area, of: &buffer, glyphs: glyphs)
    return buffer.text
  }

  @Test func lineJoinsSpansAndKeepsTheRightPartWhole() {
    let text = TextLine([.init("seven "), .init("edges", .title)], right: [.init("seed 7")])
    #expect(line(text, 20) == "seven edges   seed 7")
    #expect(line(text, 18) == "seven edges seed 7")
    #expect(line(text, 17) == "seven edges")
    #expect(line(text, 8) == "seven e…")
    #expect(line(text, 8, .ascii) == "seven e.")
    #expect(line(text, 1) == "s")
    #expect(line(text, 0) == "")
    #expect(line(TextLine(right: [.init("ab"), .init("c")]), 5) == "  abc")
    #expect(line(TextLine(), 3) == "")
  }

  @Test func lineFillsItsRow() {
    var buffer = Buffer(width: 4, height: 2)
    let end = TextLine([.init("a", .barKey)], fill: .bar).draw(in: buffer.area, of: &buffer)
    #expect(end == 1)
    #expect(buffer[0, 0].style == .barKey)
    #expect(buffer[3, 0].style == .bar)
    #expect(buffer[3, 1].style == .plain)
  }

  @Test func legendShowsBothEnds() {
    var buffer = Buffer(width: 16, height: 2)
    let legend = Legend(.viridis, low: "0", high: "3.05")
    legend.draw(in: buffer.area, of: &buffer)
    #expect(buffer.text == "0           3.05\n")
    #expect(buffer[2, 0].style.background == Palette.zero)
    #expect(buffer[10, 0].style.background == Ramp.viridis.color(at: 1))
    legend.draw(in: buffer.area, of: &buffer, glyphs: .ascii)
    #expect(buffer.text == "0  .:-+*#%@ 3.05\n")
    var narrow = Buffer(width: 9, height: 1)
    legend.draw(in: narrow.area, of: &narrow)
    #expect(narrow.text == "0 … 3.05")
    for width in 0...1 {
      var tiny = Buffer(width: width, height: 1)
      legend.draw(in: tiny.area, of: &tiny)
      #expect(tiny.text == (width == 0 ? "" : "0"))
    }
  }
}
