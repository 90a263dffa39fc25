import Studies

/// How lessons are written in scripts.
extension ActionForm {
  /// `caption Half of it goes: {dropped}.`
  static let caption = lesson("caption", "TEXT, with numbers as {dropped}") { action in
    if case .caption(let text) = action { ScriptText.written(text) } else { nil }
  } read: { text throws(ScriptError) in
    try readText(text).map(LessonAction.caption)
  }

  /// `pytorch nn.Dropout(p={p})`
  static let pytorch = lesson("pytorch", "TEXT, with numbers as {p}") { action in
    if case .pytorch(let text) = action { ScriptText.written(text) } else { nil }
  } read: { text throws(ScriptError) in
    try readText(text).map(LessonAction.pytorch)
  }

  /// `highlight mask`, `highlight "weight scaling"`
  static let highlight = lesson(
    "highlight", Highlight.Place.allCases.map(\.rawValue).joined(separator: "|") + "|\"WORDS\""
  ) { action in
    if case .highlight(let highlight) = action { highlight.scriptText } else { nil }
  } read: { text throws(ScriptError) in
    .highlight(try Highlight(parsing: text))
  }

  /// `ask Does it? | a yes | *b no`
  static let ask = lesson("ask", "QUESTION | a ANSWER | *b RIGHT ANSWER") { action in
    if case .ask(let question) = action { ScriptText.written(question.scriptText) } else { nil }
  } read: { text throws(ScriptError) in
    guard let line = ScriptText.read(text) else { return nil }
    let question = try Question(parsing: line)
    for part in [question.text] + question.answers { _ = try CaptionText(parsing: part) }
    return .ask(question)
  }

  /// `wait key`, `wait work`, `wait work 256`
  static let wait = lesson("wait", "key|work [MASKS]") { action in
    switch action {
    case .wait(.key): "key"
    case .wait(.work(nil)): "work"
    case .wait(.work(let masks?)): "work \(masks)"
    default: nil
    }
  } read: { text in
    let words = text.split(separator: " ")
    if words == ["key"] { return .wait(.key) }
    if words == ["work"] { return .wait(.work(masks: nil)) }
    guard words.count == 2, words[0] == "work", let masks = Int(words[1]),
      (1...Job.mostMasks).contains(masks)
    else { return nil }
    return .wait(.work(masks: masks))
  }

  /// `lesson pooling`
  static let beginLesson = lesson("lesson", "NAME") { action in
    if case .begin(let name) = action { ScriptText.written(name) } else { nil }
  } read: { text in
    ScriptText.read(text).map(LessonAction.begin)
  }

  /// `lesson-answer a`
  static let answerLesson = lesson(
    "lesson-answer", Question.letters.joined(separator: "|")
  ) { action in
    guard case .answer(let index) = action, Question.letters.indices.contains(index) else {
      return nil
    }
    return Question.letters[index]
  } read: { text in
    Question.letters.firstIndex(of: text).map(LessonAction.answer)
  }

  private static func lesson(
    _ name: String, _ arguments: String,
    write: @escaping @Sendable (LessonAction) -> String?,
    read: @escaping @Sendable (String) throws(ScriptError) -> LessonAction?
  ) -> ActionForm {
    ActionForm(name: name, arguments: arguments) {
      if case .lesson(let action) = $0 { write(action) } else { nil }
    } read: { text throws(ScriptError) in
      try read(text).map { .lesson($0) }
    }
  }

  private static func readText(_ text: String) throws(ScriptError) -> String? {
    guard let line = ScriptText.read(text) else { return nil }
    _ = try CaptionText(parsing: line)
    return line
  }
}
