import Testing

@testable import TerminalUI

struct ColorTests {
  @Test(arguments: Ramp.allCases) func rampGetsBrighterWithTheValue(_ ramp: Ramp) {
    // The sheet's begins with white and gets darker.
    let levels = ramp == .sheet ? Array((0..<Ramp.levels).reversed()) : Array(0..<Ramp.levels)
    let brightness = levels.map { ramp.color(level: $0).luma }
    #expect(zip(brightness, brightness.dropFirst()).allSatisfy { $0 < $1 })
    #expect(Set((0..<Ramp.levels).map { ramp.color(level: $0) }).count == 32)
  }

  @Test func onlyZeroIsTheFloor() {
    #expect(Ramp.viridis.color(at: 0) == Palette.zero)
    #expect(Ramp.viridis.color(at: -1) == Palette.zero)
    #expect(Ramp.viridis.color(at: .leastNonzeroMagnitude) != Palette.zero)
    #expect(Ramp.viridis.color(at: 1) == Color(hex: 0xFDE725))
    #expect(Ramp.viridis.color(at: 7) == Color(hex: 0xFDE725))
    #expect(Ramp.level(of: 0.5) == 16)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func notFiniteHasItsOwnMark(_ value: Float) {
    #expect(Ramp.viridis.color(at: value) == Palette.notFinite)
    #expect(Ramp.glyph(at: value) == "!")
    let ramp = (0..<Ramp.levels).map { Ramp.viridis.color(level: $0) }
    #expect(!ramp.contains(Palette.notFinite))
  }

  @Test func asciiRampKeepsZeroBlank() {
    let line = (0...9).map { Ramp.glyph(at: Float($0) / 9) }
    #expect(line == Ramp.glyphs)
    #expect(Ramp.glyph(at: 0.001) == ".")
    #expect(Ramp.glyph(at: 2) == "@")
  }

  @Test func palette256NeverUsesTheUsersSixteen() {
    for r in stride(from: 0, through: 255, by: 15) {
      for g in stride(from: 0, through: 255, by: 15) {
        for b in stride(from: 0, through: 255, by: 15) {
          #expect(ColorDepth.nearest256(r, g, b) >= 16)
        }
      }
    }
  }

  /// The 256 colours as xterm defines them.
  private func xterm(_ index: Int) -> (Int, Int, Int) {
    if index >= 232 {
      return (8 + 10 * (index - 232), 8 + 10 * (index - 232), 8 + 10 * (index - 232))
    }
    let steps = [0, 95, 135, 175, 215, 255]
    return (steps[(index - 16) / 36], steps[(index - 16) / 6 % 6], steps[(index - 16) % 6])
  }

  @Test func palette256TakesTheNearest() {
    for hex in stride(from: UInt32(0), to: 0xFFFFFF, by: 0x1357) {
      let (r, g, b) = (Int(hex >> 16 & 255), Int(hex >> 8 & 255), Int(hex & 255))
      func distance(_ index: Int) -> Int {
        let (x, y, z) = xterm(index)
        return (x - r) * (x - r) + (y - g) * (y - g) + (z - b) * (z - b)
      }
      let best = (16...255).map(distance).min()
      #expect(distance(Int(ColorDepth.nearest256(r, g, b))) == best, "\(hex)")
    }
  }

  @Test(arguments: [ColorDepth.palette256, .truecolor])
  func theFourStatesOfACellStayApart(_ depth: ColorDepth) {
    let states = [Palette.kept, Palette.killed, Palette.wasted, Palette.zero, Palette.background]
    let reduced = states.map { depth.reduce($0, isBackground: true) }
    #expect(Set(reduced).count == states.count)
  }

  @Test func sixteenColoursLeaveDarkBackgroundsToTheTerminal() {
    let depth = ColorDepth.ansi16
    #expect(depth.reduce(Palette.background, isBackground: true) == .terminal)
    #expect(depth.reduce(Palette.bar, isBackground: true) == .terminal)
    #expect(depth.reduce(Palette.background, isBackground: false) != .index(0))
    #expect(depth.reduce(Color(hex: 0xFF0000), isBackground: true) == .index(9))
    #expect(ColorDepth.ansi8.reduce(Color(hex: 0xFF0000), isBackground: true) == .index(1))
    #expect(depth.reduce(Palette.dim, isBackground: false) == .index(8))
    #expect(ColorDepth.ansi8.reduce(Palette.dim, isBackground: false) == .index(7))
    #expect(ColorDepth.ansi8.reduce(.terminal, isBackground: true) == .terminal)
  }

  @Test(arguments: [ColorDepth.ansi8, .ansi16, .palette256, .truecolor])
  func textNeverHasItsBackgroundsColour(_ depth: ColorDepth) {
    let strong = [
      Palette.accent, Palette.killed, Palette.kept, Palette.added, Palette.removed, Palette.cursor,
      Palette.notFinite,
    ]
    let styles = strong.map { Style.badge($0) } + [.text, .dim, .title, .bar, .barKey]
    for style in styles {
      let (foreground, background, _) = depth.reduce(style)
      #expect(foreground != background, "\(style)")
      #expect(foreground != .index(0) || background != .terminal, "\(style)")
    }
  }

  @Test func withoutColourABadgeIsReversed() {
    let badge = ColorDepth.none.reduce(Style.badge(Palette.killed))
    #expect(badge.foreground == .terminal && badge.background == .terminal)
    #expect(badge.attributes == [.bold, .reverse])
    #expect(ColorDepth.none.reduce(.text).attributes == [])
    #expect(ColorDepth.none.reduce(.dim).attributes == [.dim])
    #expect(ColorDepth.truecolor.reduce(.dim).attributes == [])
  }
}
