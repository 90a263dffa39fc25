public import TerminalUI

/// The lessons as a list: which are done, what each is called and the question that it answers, that of
/// the marked one below where there is no room beside.
public struct LearnPanel: Panel {
  private let mark: ListMark

  /// The list with its marked row.
  public init(_ mark: ListMark) { self.mark = mark }

  /// The list, and a line below it for the question of the marked lesson.
  static func parts(of inside: Rect) -> (list: Rect, question: Rect) {
    let table = PanelPage.table(in: inside, footer: 2)
    return (table.list, table.footer.splitTop(1).rest)
  }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let glyphs = state.theme.glyphs
    let page = PanelPage(.learn, in: rect)
    let lessons = state.lessons
    let count = lessons.count { state.finishedLessons.contains($0.name) }
    page.draw(
      [.init("what people ask about dropout", .dim)],
      right: [.init("\(count) of \(lessons.count) done ", .text)], of: &buffer, state.theme)
    guard !lessons.isEmpty, let rows = Page.learn.rows?.fitting(state, mark) else {
      TextLine([.init("there are no lessons here", .dim)])
        .draw(in: page.list.splitTop(1).top, of: &buffer, glyphs: glyphs)
      return
    }
    let title = lessons.reduce(0) { max($0, $1.title.unicodeScalars.count) }
    let question = lessons.reduce(0) { max($0, $1.question.unicodeScalars.count) }
    let hasRoom = LearnPanel.lead + title + 3 + question <= page.list.width
    for (row, line) in rows.lines(in: page.list) {
      text(state, row, isMarked: row == rows.marked, title: title, hasQuestion: hasRoom)
        .draw(in: line, of: &buffer, glyphs: glyphs)
    }
    if !hasRoom, let marked = rows.marked {
      TextLine([.init(" \(lessons[marked].question)", .title)])
        .draw(
          in: LearnPanel.parts(of: page.inside).question.splitTop(1).top, of: &buffer,
          glyphs: glyphs)
    }
  }

  /// Columns before a title: mark and number.
  private static let lead = 7

  private func text(
    _ state: State, _ index: Int, isMarked: Bool, title: Int, hasQuestion: Bool
  ) -> TextLine {
    let (lesson, glyphs) = (state.lessons[index], state.theme.glyphs)
    func style(_ own: Style) -> Style { isMarked ? .badge(Palette.accent) : own }
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
