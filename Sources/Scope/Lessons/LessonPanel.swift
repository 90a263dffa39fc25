import Studies
public import TerminalUI

/// What a script says: the lesson and its step, a text with numbers, a question or a line of PyTorch. It
/// stands above what it is about and covers nothing of it.
public struct LessonPanel: Panel {
  /// The panel.
  public init() {}

  /// Rows of text on a screen that is high enough, so that what lies below stays where it is from step to
  /// step.
  private static let usualRows = 4
  /// Rows that are left to what it is about, on the lowest screens.
  private static let leastBelow = 4
  /// Columns of a line that is read with ease.
  private static let widest = 100
  /// Screens from these rows on leave a line free above and below the text.
  private static let airyHeight = 34

  typealias Line = [TextLine.Span]

  static func done(_ glyphs: Glyphs) -> String { glyphs.isUnicode ? "●" : "*" }
  static func open(_ glyphs: Glyphs) -> String { glyphs.isUnicode ? "○" : "." }
  private static func current(_ glyphs: Glyphs) -> String { glyphs.isUnicode ? "◐" : "o" }

  /// Rows it takes of a state's screen; nil where nothing is said.
  static func rows(_ state: State) -> Int? {
    guard state.narration != nil else { return nil }
    let lines = lines(state, width: state.size.width).count
    let isHigh = state.size.height >= 20
    let wanted =
      1 + (isHigh ? max(usualRows, lines) : lines) + (state.size.height >= airyHeight ? 2 : 0)
    return min(wanted, max(1, state.size.height - leastBelow))
  }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let glyphs = state.theme.glyphs
    buffer.fill(rect, with: Cell(" ", .note))
    let (title, body) = rect.splitTop(1)
    drawTitle(state, in: title, of: &buffer)
    let air = state.size.height >= LessonPanel.airyHeight ? 1 : 0
    let edge: Unicode.Scalar = glyphs.isUnicode ? "▌" : "|"
    for y in body.y..<max(body.y, body.bottom) {
      buffer[body.x, y] = Cell(edge, Style(Palette.accent, on: Palette.note))
    }
    let (lines, room) = (
      LessonPanel.lines(state, width: rect.width), max(0, body.height - 2 * air)
    )
    for (row, own) in lines.prefix(room).enumerated() {
      // What has no room is not passed over in silence.
      let isCut = row == room - 1 && lines.count > room
      let line = isCut ? own + [.init(" \(glyphs.ellipsis)", .noteStrong)] : own
      TextLine(line).draw(
        in: Rect(x: body.x + 2, y: body.y + air + row, width: body.width - 3, height: 1),
        of: &buffer, glyphs: glyphs)
    }
  }

  /// What is said, as text.
  static func text(_ state: State, width: Int) -> [String] {
    lines(state, width: width).map { line in
      var text = Substring(line.map(\.text).joined())
      while text.last == " " { text.removeLast() }
      return String(text)
    }
  }

  private func drawTitle(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let glyphs = state.theme.glyphs
    guard let (lesson, step) = state.lessonPlace else {
      TextLine([], fill: .badge(Palette.accent)).draw(in: rect, of: &buffer, glyphs: glyphs)
      return
    }
    let index = state.lessons.firstIndex { $0.name == lesson.name }
    let count = state.lessons.count
    let isWide = rect.width >= 60
    let place = index.map { isWide ? "lesson \($0 + 1) of \(count)" : "\($0 + 1)/\(count)" }
    let dots = state.lessons.enumerated().map { number, each in
      number == index
        ? LessonPanel.current(glyphs)
        : state.finishedLessons.contains(each.name)
          ? LessonPanel.done(glyphs) : LessonPanel.open(glyphs)
    }.joined()
    let steps = "\(step + 1)/\(lesson.count)"
    let style = Style.badge(Palette.accent)
    TextLine(
      [
        .init(" " + (place.map { "\($0) \(glyphs.dot) " } ?? ""), style),
        .init(lesson.title, style),
      ],
      right: [.init("step \(steps)  " + (isWide && count > 1 ? "\(dots) " : ""), style)],
      fill: style
    ).draw(in: rect, of: &buffer, glyphs: glyphs)
  }

  private static func lines(_ state: State, width: Int) -> [Line] {
    guard let narration = state.narration else { return [] }
    let room = max(8, min(widest, width - 4))
    let glyphs = state.theme.glyphs
    func lines(_ text: String, _ style: Style) -> [Line] {
      state.filled(text).wrapped(to: room).map { [.init($0, style)] }
    }
    var all = narration.caption.isEmpty ? [] : lines(narration.caption, .note)
    if let question = narration.question {
      all += lines(question.text, .noteStrong)
      all += answers(question, narration.answer, state, room: room)
    }
    if let pytorch = narration.pytorch {
      let head = TextLine.Span("PyTorch  ", Style(Palette.dim, on: Palette.note))
      let code = state.filled(pytorch).wrapped(to: max(8, room - head.width))
      for (index, line) in code.enumerated() {
        let lead =
          index == 0 ? head : .init(String(repeating: " ", count: head.width), .note)
        all.append([lead, .init(line, .noteStrong)])
      }
    }
    if !state.held.isEmpty, let work = state.dueWork {
      let goal = NumberText.grouped(work.goal)
      all.append([
        .init("\(glyphs.running) \(NumberText.grouped(work.count)) of \(goal) masks", .noteStrong)
      ])
    }
    return all
  }

  /// The answers on as few lines as they fit, the one given with what it was.
  private static func answers(
    _ question: Question, _ given: Int?, _ state: State, room: Int
  ) -> [Line] {
    var lines: [Line] = [[]]
    for (index, answer) in question.answers.enumerated() {
      let letter = Question.letters[index]
      let isRight = index == question.right
      let mark = index == given ? (isRight ? ": right" : ": no") : ""
      let style: Style =
        index == given ? (isRight ? .badge(Palette.accent) : .badge(Palette.warning)) : .note
      let spans: Line = [
        .init(" \(letter) ", .noteKey), .init(" \(state.filled(answer))\(mark) ", style),
        .init("  ", .note),
      ]
      let width = spans.reduce(0) { $0 + $1.width }
      let taken = lines[lines.count - 1].reduce(0) { $0 + $1.width }
      if taken > 0, taken + width > room { lines.append([]) }
      lines[lines.count - 1] += spans
    }
    return lines
  }
}

extension State {
  /// What a script says, with the numbers of this state, in lines of at most so many columns.
  public func narrationText(width: Int) -> [String] { LessonPanel.text(self, width: width + 4) }
}

extension Style {
  /// Text of a script.
  fileprivate static let note = Style(Palette.text, on: Palette.note)
  /// The same where it matters.
  fileprivate static let noteStrong = Style(Palette.accent, on: Palette.note)
  /// A key in it.
  fileprivate static let noteKey = Style(Palette.accent, on: Palette.bar, .bold)
}
