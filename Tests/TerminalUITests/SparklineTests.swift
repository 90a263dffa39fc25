import TerminalUI
import Testing

/// Small curves in a line of text.
@Suite struct SparklineTests {
  @Test func holdsStillWhileValuesArrive() {
    var values = [Double](repeating: .nan, count: 8)
    for step in 0..<4 { values[step] = Double(step) / 7 }
    let half = Sparkline(values, limits: 0...1)
    #expect(half.text(width: 8) == "▁▂▃▄    ")
    for step in 4..<8 { values[step] = Double(step) / 7 }
    let whole = Sparkline(values, limits: 0...1)
    #expect(whole.text(width: 8) == "▁▂▃▄▅▆▇█")
    #expect(whole.text(width: 8, glyphs: .ascii) == "_.-~=+*#")
    // Two columns a step, and two steps a column: their mean.
    #expect(whole.text(width: 16) == "▁▁▂▂▃▃▄▄▅▅▆▆▇▇██")
    #expect(Sparkline([0, 1, 1, 1], limits: 0...1).text(width: 2) == "▅█")
  }

  @Test func takesWhatItIsGiven() {
    #expect(Sparkline([], limits: 0...1).text(width: 5) == "")
    #expect(Sparkline([1], limits: 0...1).text(width: 0) == "")
    #expect(Sparkline([2, -1, .infinity], limits: 0...1).text(width: 3) == "█▁ ")
    #expect(Sparkline([1], limits: 1...1).text(width: 1) == "▁")
  }
}
