public import TerminalUI

/// The lessons as a list: which are done, what each is called and the question that it answers.
public struct LearnPanel: Panel {
  private let selected: Int
  /// Rows above the list.
  static let rowsAbove = 2

  /// The list with a row marked.
  public init(selected: Int) { self.selected = selected }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let (theme, glyphs) = (state.theme, state.theme.glyphs)
    let page = PanelPage("Learn", in: rect)
    let (lessons, done) = (state.lessons, state.finishedLessons)
    let count = lessons.count { done.contains($0.name) }
    page.draw(
      [.init("what people ask about dropout, each answered in under a minute", .dim)],
      right: [.init("\(count) of \(lessons.count) done ", .text)], of: &buffer, theme)
    let list = page.inside.splitTop(LearnPanel.rowsAbove).rest
    guard !lessons.isEmpty else {
      TextLine([.init("there are no lessons here", .dim)])
        .draw(in: list.splitTop(1).top, of: &buffer, glyphs: glyphs)
      return
    }
    let first = min(max(0, selected - list.height / 2), max(0, lessons.count - list.height))
    let width = lessons.reduce(0) { max($0, $1.title.unicodeScalars.count) }
    for (row, index) in (first..<min(lessons.count, first + max(0, list.height))).enumerated() {
      let (lesson, isMarked) = (lessons[index], index == selected)
      func style(_ own: Style) -> Style { isMarked ? .badge(Palette.accent) : own }
      let mark = done.contains(lesson.name) ? LessonPanel.done(glyphs) : LessonPanel.open(glyphs)
      TextLine(
        [
          .init(" \(mark) ", style(.title)), .init("\(index + 1)".aligned(to: 2), style(.dim)),
          .init("  \(lesson.title.padded(to: width))", style(.text)),
          .init("   \(lesson.question)", style(.dim)),
        ], fill: style(.text)
      ).draw(
        in: Rect(x: list.x, y: list.y + row, width: list.width, height: 1), of: &buffer,
        glyphs: glyphs)
    }
  }
}
