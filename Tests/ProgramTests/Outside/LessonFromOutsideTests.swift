import ArgumentParser
import Masks
import Scope
import Studies
import TerminalUI
import Testing

@testable import Program

/// A lesson is one file and one line: here both are the test's own.
@Suite struct LessonFromOutsideTests {
  private static let text = """
    dropscope script 1
    lesson mine What is kept
    asks How many cells are left?
    open seven --rate .25
    0 caption Of all cells {dropped.share} are gone.
    0 highlight mask
    0 wait key
    1 rate-up
    1 caption Now it is {dropped.share}.
    1 wait key

    """

  @Test func theListThePaletteAndTheCommandKnowIt() throws {
    let lesson = Lesson(try Script(parsing: Array(Self.text.utf8)), name: "11")
    try Lesson.$added.withValue([lesson]) {
      let number = Lesson.all.count
      #expect(Lesson.find("mine", among: Lesson.all)?.title == "What is kept")
      #expect(Lesson.find("\(number)", among: Lesson.all)?.name == "mine")
      #expect(Listing(lessons: Lesson.all, done: []).lines.last?.contains("mine") == true)
      #expect(LessonProgress.names(from: Array("mine\n".utf8)) == ["mine"])
      #expect(MadeText.lessons.text.contains("| \(number). What is kept | `mine` |"))

      var state = try ViewOptions.parse([]).open().state(size: ScreenSize(width: 100, height: 40))
      _ = state.perform([.openPage(.learn)])
      #expect(state.frame().text.contains("What is kept"))
      _ = state.perform([.openFinder])
      for letter in "kept" { _ = state.perform([.type(String(letter))]) }
      #expect(state.frame().text.contains("Lesson \(number): What is kept"))
      _ = state.perform([.closeTop, .lesson(.begin("mine"))])
      #expect(state.lessonPlace?.lesson.name == "mine")
      #expect(state.setting.rate.p == 0.25)
      let first = try #require(caption(state))
      _ = state.perform([.lesson(.turn(by: 1))])
      let second = try #require(caption(state))
      // Each has a number, of the rate at its moment.
      #expect(first != second && !first.contains("{") && second.hasPrefix("Now it is"))
    }
  }

  private func caption(_ state: State) -> String? { state.narrationText(width: 80).first }
}
