import Studies
public import TerminalUI

/// The command line in the line of keys, with what could follow. A line longer than the screen is a
/// window around the cursor.
public struct PromptPanel: Panel {
  private let prompt: Prompt

  /// The command line.
  public init(_ prompt: Prompt) { self.prompt = prompt }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    guard !rect.isEmpty else { return }
    let glyphs = state.theme.glyphs
    buffer.fill(rect, with: Cell(" ", .bar))
    let x = buffer.write(" :", x: rect.x, y: rect.y, style: .barKey, limit: rect.right)
    let room = rect.right - x
    let start = PromptPanel.start(prompt, room: room)
    let scalars = Array(prompt.text.unicodeScalars)
    let shown = scalars[start..<min(scalars.count, start + max(0, room))]
    let end = buffer.write(
      String(String.UnicodeScalarView(shown)), x: x, y: rect.y,
      style: Style(Palette.text, on: Palette.bar), limit: rect.right)
    let mark = glyphs.ellipsis.unicodeScalars.first ?? "."
    if start > 0 { buffer[x, rect.y] = Cell(mark, .bar) }
    if start + shown.count < scalars.count { buffer[rect.right - 1, rect.y] = Cell(mark, .bar) }
    drawHint(state, from: end, in: rect, of: &buffer)
    let cursor = x + prompt.cursor - start
    if cursor < rect.right {
      buffer[cursor, rect.y].style = Style(Palette.onAccent, on: Palette.cursor)
    }
  }

  /// What could follow, where there is room for it; at the right end the keys that help.
  private func drawHint(_ state: State, from x: Int, in rect: Rect, of buffer: inout Buffer) {
    let hint = PromptHint(prompt, state)
    var spans = [TextLine.Span(hint.ghost, Style(Palette.dim, on: Palette.bar))]
    let gap = hint.ghost.isEmpty ? "  " : "   "
    if !hint.words.isEmpty { spans.append(.init(gap + hint.words, .bar)) }
    let keys = Bindings.prompt.flatMap { binding in
      binding.hint.map {
        [TextLine.Span(" \(binding.label)", .barKey), TextLine.Span(" \($0) ", .bar)]
      } ?? []
    }
    let room = Rect(x: x, y: rect.y, width: rect.right - x, height: 1)
    // An ellipsis at the cursor would look typed.
    guard room.width > 4 else { return }
    TextLine(spans, right: keys).draw(in: room, of: &buffer, glyphs: state.theme.glyphs)
  }

  /// The first character seen: as far to the left as keeps the cursor, and one character after it,
  /// in sight.
  static func start(_ prompt: Prompt, room: Int) -> Int {
    let count = prompt.text.unicodeScalars.count
    let columns = max(count, prompt.cursor + 1)
    return max(0, min(prompt.cursor - max(0, room - 2), columns - max(1, room)))
  }
}
