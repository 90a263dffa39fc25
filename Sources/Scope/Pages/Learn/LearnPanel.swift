public import TerminalUI

/// The lessons as a list: which are done, what each is called and the question that it answers, that of
/// the marked one below where there is no room beside.
public struct LearnPanel: Panel {
  private let selected: Int
  /// Rows of text above and below the list.
  static let margins = (top: 1, bottom: 2)

  /// The list with a row marked.
  public init(selected: Int) { self.selected = selected }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let (theme, glyphs) = (state.theme, state.theme.glyphs)
    let page = PanelPage("Learn", in: rect)
    let lessons = state.lessons
    let count = lessons.count { state.finishedLessons.contains($0.name) }
    page.draw(
      [.init("what people ask about dropout", .dim)],
      right: [.init("\(count) of \(lessons.count) done ", .text)], of: &buffer, theme)
    let (list, below) = page.inside.splitTop(LearnPanel.margins.top).rest
      .splitTop(page.inside.height - LearnPanel.margins.top - LearnPanel.margins.bottom)
    guard !lessons.isEmpty else {
      TextLine([.init("there are no lessons here", .dim)])
        .draw(in: list.splitTop(1).top, of: &buffer, glyphs: glyphs)
      return
    }
    let first = min(max(0, selected - list.height / 2), max(0, lessons.count - list.height))
    let title = lessons.reduce(0) { max($0, $1.title.unicodeScalars.count) }
    let question = lessons.reduce(0) { max($0, $1.question.unicodeScalars.count) }
    let hasRoom = LearnPanel.lead + title + 3 + question <= list.width
    for (row, index) in (first..<min(lessons.count, first + max(0, list.height))).enumerated() {
      line(state, index, title: title, hasQuestion: hasRoom).draw(
        in: Rect(x: list.x, y: list.y + row, width: list.width, height: 1), of: &buffer,
        glyphs: glyphs)
    }
    if !hasRoom, lessons.indices.contains(selected) {
      TextLine([.init(" \(lessons[selected].question)", .title)])
        .draw(in: below.splitTop(1).rest, of: &buffer, glyphs: glyphs)
    }
  }

  /// Columns before a title: mark and number.
  private static let lead = 7

  private func line(_ state: State, _ index: Int, title: Int, hasQuestion: Bool) -> TextLine {
    let (lesson, glyphs) = (state.lessons[index], state.theme.glyphs)
    func style(_ own: Style) -> Style { index == selected ? .badge(Palette.accent) : own }
    let isDone = state.finishedLessons.contains(lesson.name)
    let mark = isDone ? LessonPanel.done(glyphs) : LessonPanel.open(glyphs)
    let spans: [TextLine.Span] = [
      .init(" \(mark) ", style(.title)), .init("\(index + 1)".aligned(to: 2), style(.dim)),
      .init("  \(lesson.title.padded(to: title))", style(.text)),
    ]
    return TextLine(
      spans + (hasQuestion ? [.init("   \(lesson.question)", style(.dim))] : []),
      fill: style(.text))
  }
}
