import TerminalUI
import Testing
import TestSupport

@testable import CursesBackend

extension CursesScreenTests {
  /// What a terminal shows is what the buffer says, through curses, the colours taken out and all.
  @Test(arguments: [
    ("xterm-256color", ColorChoice.auto), ("xterm-256color", .truecolor),
    ("xterm-256color", .ansi16), ("xterm-256color", .never), ("xterm", .auto),
    ("tmux-256color", .auto), ("tmux-256color", .truecolor), ("screen-256color", .auto),
    ("screen", .auto), ("linux", .auto), ("linux", .ansi16), ("vt100", .auto),
  ])
  func randomFramesAreShownAsTheyAre(_ term: String, _ choice: ColorChoice) throws {
    var random = SplitMix(7)
    let terminal = try FakeTerminal(term, color: choice)
    var shown = TextScreen(width: 80, height: 24)
    var (buffer, start) = (Buffer(width: 80, height: 24), 0)
    let depth = terminal.screen.colorDepth
    for number in 0..<60 {
      change(&buffer, depth, &random)
      // Now and then the terminal is given away and taken again, or shows anything.
      if number % 13 == 12 {
        terminal.screen.end()
        terminal.screen.begin()
        terminal.screen.forget()
      } else if number % 17 == 16, depth > .none {
        terminal.screen.forget()
        shown.style.ink = 3
        shown.style.flags = 1 << 4
      }
      terminal.screen.draw(buffer)
      shown.feed(terminal.bytes(from: start))
      start = terminal.count
      let wrong = shown.cells.indices.filter {
        shown.cells[$0] != expected(buffer.cells[$0], term, depth)
      }
      try #require(
        wrong.isEmpty,
        """
        frame \(number), cell \(wrong[0]) of \(wrong.count): \(shown.cells[wrong[0]]) for \
        \(buffer.cells[wrong[0]])
        """)
    }
    terminal.screen.restore()
    shown.feed(terminal.bytes(from: start))
    #expect(shown.style == TextScreen.Style())
  }

  /// Runs of cells of few or many colours, as maps and texts are, somewhere in the buffer.
  private func change(
    _ buffer: inout Buffer, _ depth: ColorDepth, _ random: inout SplitMix
  ) {
    if random.below(12) == 0 { buffer = Buffer(width: 80, height: 24) }
    // A terminal of eight colours has 64 pairs.
    let few = [0xFF0000, 0x00FF00, 0xFFFFFF, 0x0000FF].map { Color(hex: $0) }
    let palette = (0..<(1 + random.below(12))).map { _ in
      if random.below(6) == 0 { return Color.terminal }
      return depth == .ansi8 ? few[random.below(4)] : Color(hex: UInt32(random.below(1 << 24)))
    }
    let glyphs: [Unicode.Scalar] = ["▀", "▄", "▅", "×", "a", " ", " ", "·"]
    let attributes: [Style.Attributes] = [.bold, .dim, .underline, .reverse, [.bold, .underline]]
    for _ in 0..<(1 + random.below(40)) {
      let (x, y) = (random.below(80), random.below(24))
      let isPlain = random.below(3) > 0
      for column in x..<min(80, x + 1 + random.below(40)) {
        let style = Style(
          palette[random.below(palette.count)], on: palette[random.below(palette.count)],
          isPlain || random.below(4) > 0 ? [] : attributes[random.below(attributes.count)])
        buffer[column, y] = Cell(glyphs[random.below(glyphs.count)], style)
      }
    }
  }

  private func expected(_ cell: Cell, _ term: String, _ depth: ColorDepth) -> TextScreen.Cell {
    let (foreground, background, attributes) = depth.reduce(cell.style)
    var style = TextScreen.Style()
    (style.ink, style.paper) = (number(foreground), number(background))
    for (attribute, bit) in [
      (Style.Attributes.bold, 1), (.dim, 2), (.underline, 4), (.reverse, 7),
    ] where attributes.contains(attribute) { style.flags |= 1 << UInt16(bit) }
    // linux: ncv#18, no underline and no dim beside colours. vt100, screen: no dim.
    let hasColors = style.ink != -1 || style.paper != -1
    if term == "linux", hasColors { style.flags &= ~(1 << 2 | 1 << 4) }
    if term == "vt100" { style.flags &= ~(1 << 2) }
    if cell.glyph == " ", style.flags & ~0b110 == 0 { style.ink = -1 }
    var expected = TextScreen(width: 1, height: 1).cells[0]
    (expected.glyph, expected.style) = (cell.glyph.value, style)
    return expected
  }

  private func number(_ color: ReducedColor) -> Int32 {
    switch color {
    case .terminal: -1
    case .index(let index): Int32(index)
    case .rgb(let value): 1 << 24 | Int32(value)
    }
  }
}
