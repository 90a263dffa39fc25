import Testing

@testable import TerminalUI

struct ColorChoiceTests {
  @Test func terminfoDecidesLast() {
    func depth(_ colors: Int) -> ColorDepth {
      ColorChoice.auto.depth(environment: ["TERM": "xterm"], terminfoColors: colors)
    }
    #expect(
      [-1, 0, 2, 8, 16, 88, 256, 32767, 0x100_0000].map(depth)
        == [.none, .none, .none, .ansi8, .ansi16, .ansi16, .palette256, .palette256, .truecolor])
  }

  @Test func colorTermComesBeforeTerminfo() {
    for value in ["truecolor", "24bit"] {
      let environment = ["TERM": "xterm", "COLORTERM": value]
      #expect(ColorChoice.auto.depth(environment: environment, terminfoColors: 8) == .truecolor)
    }
    let other = ["TERM": "xterm", "COLORTERM": "yes"]
    #expect(ColorChoice.auto.depth(environment: other, terminfoColors: 8) == .ansi8)
  }

  @Test func noColorComesBeforeColorTerm() {
    var environment = ["TERM": "xterm", "COLORTERM": "truecolor", "NO_COLOR": "1"]
    #expect(ColorChoice.auto.depth(environment: environment, terminfoColors: 256) == .none)
    environment["NO_COLOR"] = ""
    #expect(ColorChoice.auto.depth(environment: environment, terminfoColors: 256) == .truecolor)
  }

  @Test func theFlagComesFirst() {
    let environment = ["TERM": "xterm", "COLORTERM": "truecolor", "NO_COLOR": "1"]
    let depths = ColorChoice.allCases.map { $0.depth(environment: environment, terminfoColors: 8) }
    #expect(depths == [.none, .none, .ansi16, .palette256, .truecolor])
    #expect(ColorChoice.allCases.map(\.rawValue) == ["auto", "never", "16", "256", "truecolor"])
  }

  @Test func colorTermOfAnOuterTerminalSaysNothing() {
    let screen = ["TERM": "screen.xterm-256color", "COLORTERM": "truecolor", "STY": "1.pts"]
    #expect(ColorChoice.auto.depth(environment: screen, terminfoColors: 256) == .palette256)
    let dumb = ["TERM": "dumb", "COLORTERM": "truecolor"]
    #expect(ColorChoice.auto.depth(environment: dumb, terminfoColors: 0) == .none)
  }
}
