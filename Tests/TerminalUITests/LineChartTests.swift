import Testing

@testable import TerminalUI

@Suite struct LineChartTests {
  private func chart(
    _ series: [[Double]], width: Int, height: Int, glyphs: Glyphs = .unicode
  ) -> String {
    let names: [(String, Unicode.Scalar)] = [("a", "*"), ("b", "o")]
    let chart = LineChart(
      "loss",
      zip(series, names).map {
        LineChart.Series(
          $1.0, $0, color: $1.0 == "a" ? Palette.accent : Palette.warning, mark: $1.1)
      }, unit: "epoch ", label: { "\(Int($0))" })
    var buffer = Buffer(width: width, height: height)
    chart.draw(in: buffer.area, of: &buffer, glyphs: glyphs)
    return buffer.text
  }

  @Test func aLineOfDots() {
    #expect(
      chart([[8, 0]], width: 15, height: 6) == """
        loss  ── a
        8 ┤⠉⠒⠤⣀
          │    ⠉⠒⠤⣀
        0 ┤        ⠉⠒⠤⣀
          └────────────
           epoch 1    2
        """)
  }

  /// A step without a value breaks a curve; where two meet, the later one is seen.
  @Test func marksOnAnASCIITerminal() {
    #expect(
      chart([[8, 0, 4], [0, .nan, 8]], width: 20, height: 8, glyphs: .ascii) == """
        loss  ** a  oo b
        8 +*               o
          | **
          |   **         ***
          |     **   ****
        0 +o      ***
          +-----------------
           epoch 1         3
        """)
  }

  /// A cell has one colour: the later curve's dots stand in it alone.
  @Test func theLaterCurveLiesOnTop() {
    let text = chart([[0, 0], [0, 0]], width: 10, height: 4)
    #expect(text.contains("0 ┤⠒⠒⠒⠒⠒⠒⠒"), "\(text)")
    let two = chart([[0, 0], [1, 1]], width: 10, height: 4)
    #expect(two.contains("⠉⠉⠉⠉⠉⠉⠉"), "\(two)")
  }

  @Test func flatAndEmptyCurves() {
    #expect(chart([[2, 2, 2]], width: 10, height: 4).contains("2 ┤⠒⠒⠒⠒⠒⠒⠒"))
    // One epoch is one dot.
    #expect(chart([[2]], width: 10, height: 4).unicodeScalars.count { $0 == "⠂" } == 1)
    #expect(!chart([[.nan]], width: 10, height: 6).contains("│"))
  }

  @Test func nothingBreaksWithoutRoom() {
    for width in 0...12 {
      for height in 0...6 {
        for glyphs in [Glyphs.unicode, .ascii] {
          _ = chart([[1, 2, .nan], []], width: width, height: height, glyphs: glyphs)
        }
      }
    }
  }
}
