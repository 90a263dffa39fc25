import TerminalUI

/// What a page says that has nothing to show yet: what it is for, and the commands that bring something.
struct HowTo {
  private let purpose: String
  private let commands: [(command: String, meaning: String)]

  init(_ purpose: String, _ commands: [(command: String, meaning: String)]) {
    (self.purpose, self.commands) = (purpose, commands)
  }

  func draw(in rect: Rect, of buffer: inout Buffer, _ glyphs: Glyphs) {
    let width = commands.reduce(0) { max($0, $1.command.count) } + 3
    let isWide = commands.allSatisfy { width + $0.meaning.count <= rect.width }
    let purpose = purpose.wrapped(to: max(1, rect.width)).map { [TextLine.Span($0, .text)] }
    let lines: [[TextLine.Span]] = commands.flatMap { command, meaning in
      isWide
        ? [[.init(command.padded(to: width), .title), .init(meaning, .dim)]]
        : [[.init(command, .title)], [.init("  " + meaning, .dim)]]
    }
    for (spans, line) in zip([[]] + purpose + [[]] + lines, rect.rows) {
      TextLine(spans).draw(in: line, of: &buffer, glyphs: glyphs)
    }
  }
}
