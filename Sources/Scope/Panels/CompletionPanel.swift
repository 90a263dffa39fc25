import Studies
public import TerminalUI

/// The words gone through with Tab, in a list that stands on the word typed.
public struct CompletionPanel: Panel {
  private let completion: Completion
  private let column: Int
  private static let most = 8

  /// The list of a command line; nil where no words are gone through.
  public init?(_ prompt: Prompt, width: Int) {
    guard let completion = prompt.completion else { return nil }
    self.completion = completion
    // The line begins behind its colon.
    column = 2 + completion.start - PromptPanel.start(prompt, room: width - 2)
  }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let words = completion.candidates
    let rows = min(words.count, CompletionPanel.most, rect.height)
    let longest = words.map { $0.unicodeScalars.count }.max() ?? 0
    let hasMore = rows < words.count
    let width = min(rect.width, longest + (hasMore ? 3 : 2))
    let x = max(rect.x, min(rect.x + column - 1, rect.right - width))
    let selected = completion.index ?? 0
    let first = min(max(0, selected - rows / 2), words.count - rows)
    for row in 0..<rows {
      let isSelected = completion.index == first + row
      let style = isSelected ? Style.badge(Palette.accent) : .bar
      let line = Rect(x: x, y: rect.bottom - rows + row, width: width, height: 1)
      TextLine([.init(" \(words[first + row])", style)], fill: style)
        .draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    }
    guard hasMore, width > 1 else { return }
    func mark(_ glyph: Unicode.Scalar, _ row: Int) {
      buffer[x + width - 1, rect.bottom - rows + row] = Cell(glyph, .barKey)
    }
    if first > 0 { mark(state.theme.glyphs.moreAbove, 0) }
    if first + rows < words.count { mark(state.theme.glyphs.moreBelow, rows - 1) }
  }
}
