import TerminalUI
import Testing

/// Means with intervals, and heat maps, as they are drawn.
@Suite struct IntervalChartTests {
  private func drawn(width: Int, height: Int, _ draw: (Rect, inout Buffer) -> Void) -> String {
    var buffer = Buffer(width: width, height: height, filledWith: Cell(" ", .text))
    draw(Rect(width: width, height: height), &buffer)
    return buffer.text
  }

  private let series = IntervalChart.Series(
    "", [.init(1, 0...2), nil, .init(3, 2...4)], color: Palette.heldOut)

  @Test func pointsStandOverTheirValues() {
    let chart = IntervalChart("score", [series], labels: ["a", "b", "c"], marked: 2) {
      "\(Int($0))"
    }
    let text = drawn(width: 18, height: 8) { chart.draw(in: $0, of: &$1) }
    #expect(
      text == """
        score
        4 ┤            ┬
          │            ●
          │  ┬         ┴
          │  ●
        0 ┤  ┴
          └───────────────
             a    b    c
        """)
    let ascii = drawn(width: 18, height: 8) { chart.draw(in: $0, of: &$1, glyphs: .ascii) }
    #expect(ascii.unicodeScalars.allSatisfy { $0.isASCII } && ascii.contains("O"))
  }

  @Test func meansOfNeighboursAreJoined() {
    let joined = IntervalChart.Series("held out", [.init(0), .init(1)], color: Palette.heldOut)
    let chart = IntervalChart("", [joined], labels: ["0", "1"]) { "\(Int($0))" }
    let text = drawn(width: 15, height: 6) { chart.draw(in: $0, of: &$1) }
    #expect(text.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) }, "\(text)")
    #expect(text.contains("● held out"))
    #expect(chart.range == 0...1)
    #expect(IntervalChart("", [], labels: []) { "\($0)" }.range == nil)
  }

  @Test func aHeatMapShowsWhatIsMissing() {
    var map = HeatMap("t", rows: ["x", "y"], columns: ["1", "2"], [[1, nil], [3, 2]]) {
      "\(Int($0))"
    }
    map.marked = (1, 0)
    let text = drawn(width: 12, height: 4) { map.draw(in: $0, of: &$1) }
    #expect(
      text == """
        t
           1    2
        x  1    ·
        y ▸3◂   2
        """)
    // The marked column is among those seen.
    map.marked = (0, 1)
    #expect(drawn(width: 7, height: 4) { map.draw(in: $0, of: &$1) }.contains("▸·◂"))
  }

  @Test(arguments: [(0, 0), (1, 1), (3, 2), (200, 1)]) func fitAnySize(width: Int, height: Int) {
    _ = drawn(width: width, height: height) { rect, buffer in
      IntervalChart("t", [series], labels: ["a", "b", "c"]) { "\($0)" }.draw(in: rect, of: &buffer)
      HeatMap("t", rows: ["a"], columns: ["b"], [[1]]) { "\($0)" }.draw(in: rect, of: &buffer)
    }
  }
}
