import TerminalUI

extension Bindings {
  /// What works in a lesson, before what works where it leads.
  public static let lesson: [Binding] = [
    Binding("Space", "next step of the lesson", hint: "next", [(" ", .lesson(.turn(by: 1)))]),
    Binding(
      "Backspace", "step before", hint: "back", [(.key(.backspace), .lesson(.turn(by: -1)))]),
    Binding("Esc", "leave the lesson", hint: "leave", [(.key(.escape), .closeTop)]),
  ]

  /// The letters that answer a question.
  static func answering(_ question: Question) -> Binding {
    let letters = Question.letters.prefix(question.answers.count)
    return Binding(
      letters.joined(separator: " "), "answer the question", hint: "answer",
      letters.enumerated().flatMap { index, letter in
        letter.unicodeScalars.map { (.character($0), .lesson(.answer(index))) }
      })
  }
}

extension State {
  /// The bindings of what is seen, with those of a lesson before them.
  func withLesson(_ bindings: [Binding]) -> [Binding] {
    guard isLessonOnTop else { return bindings }
    let own = narration?.openQuestion.map { [Bindings.answering($0)] } ?? []
    let lesson = own + Bindings.lesson
    let taken = lesson.map(\.label)
    return lesson + bindings.filter { !taken.contains($0.label) }
  }
}
