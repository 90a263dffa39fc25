import Masks
import Studies
import Testing

@testable import Scope

/// What lessons are written in: what is read, what is written back, and what is refused.
@Suite struct LessonScriptTests {
  private func read(_ lines: String) throws -> Script {
    try Script(parsing: Array("dropscope script 1\n\(lines)\n".utf8))
  }

  @Test func wordsAreReadAndWrittenBack() throws {
    let lines = [
      "lesson order Before or after?", "asks Which comes first?", "0 caption Half goes: {dropped}.",
      "0 highlight mask", "0 highlight \"weight scaling\"",
      "0 ask Is it? | a yes | *b no | c maybe", "0 pytorch nn.Dropout(p={p})  # {{x}}",
      "0 wait work", "0 wait work 256", "0 wait key", "1 lesson order", "1 lesson-answer b",
      "1 lesson-next", "1 lesson-back",
    ]
    let script = try read(lines.joined(separator: "\n"))
    #expect(script.header.lesson == ScriptHeader.Title(name: "order", title: "Before or after?"))
    #expect(script.header.asks == "Which comes first?")
    #expect(script.isLesson)
    let written =
      script.header.text
      + script.steps.map { "\(ScriptTime.text($0.milliseconds)) \($0.action.scriptText ?? "")\n" }
      .joined()
    let again = try Script(parsing: Array(written.utf8))
    #expect(again == script)
    guard case .lesson(.ask(let question)) = script.steps[3].action else {
      Issue.record("\(script.steps[3])")
      return
    }
    #expect(question.answers == ["yes", "no", "maybe"] && question.right == 1)
  }

  @Test(arguments: [
    ("0 caption It is {droped}.", "a number's name, nearest: {dropped}", "{droped}"),
    ("0 caption", "caption TEXT", "caption"),
    ("0 caption {p", "} behind {", "p"),
    ("0 caption p}", "{ before }", "p}"),
    ("0 caption {error}", "{error N}", "{error}"),
    ("0 caption {error none}", "{error N}", "{error none}"),
    ("0 caption {p 3}", "{p}", "{p 3}"),
    ("0 pytorch {pp}", "nearest: {p}", "{pp}"),
    ("0 highlight maks", "nearest: mask", "maks"),
    ("0 highlight", "a panel", "nothing"),
    ("0 highlight \"mask", "a panel", "\"mask"),
    ("0 ask Is it?", "2 to 5 answers", "0"),
    ("0 ask Is it? | a yes", "2 to 5 answers", "1"),
    ("0 ask | a yes | *b no", "a question", "nothing"),
    ("0 ask Is it? | a yes | c no", "answer b", "c no"),
    ("0 ask Is it? | a yes | b no", "one right answer", "0"),
    ("0 ask Is it? | *a yes | *b no", "one right answer", "2"),
    ("0 ask Is it {x}? | *a yes | b no", "a number's name", "{x}"),
    ("0 wait", "wait key|work [MASKS]", "wait"),
    ("0 wait for ever", "wait key|work [MASKS]", "wait for ever"),
    ("0 wait work 0", "wait key|work [MASKS]", "wait work 0"),
    ("0 lesson-answer x", "lesson-answer a|b", "lesson-answer x"),
    ("lesson order", "lesson NAME TITLE", "order"),
    ("lesson 4 Order", "lesson NAME TITLE", "4 Order"),
    ("asks", "asks QUESTION", "asks"),
  ]) func whatIsWrongIsRefusedWithItsLine(line: String, expected: String, found: String) {
    let error = #expect(throws: ScriptError.self) { try read("# a line\n\(line)") }
    #expect(error?.line == 3)
    #expect(error?.expected.contains(expected) == true, "\(error?.expected ?? "")")
    #expect(error?.found.contains(found) == true, "\(error?.found ?? "")")
  }

  @Test func bracesAndNumbersAreFilled() throws {
    let state = try Fixture.state()
    #expect(state.filled("p = {p}, keep {keep}: {{p}} {scale}") == "p = .50, keep .50: {p} ×2.00")
    let realised = state.observation.realised
    #expect(state.filled("{dropped}") == "\(realised.dropped) of \(realised.of)")
    // What was not measured is not made up.
    #expect(state.filled("{error 16} {samples} {changed}") == "… … …")
  }

  /// Every number has a state that knows it, but for those of networks with classes, which the built-in
  /// lessons use.
  @Test func namesAreUnlikeOneAnother() {
    let names = CaptionValue.all.map(\.name)
    #expect(Set(names).count == names.count)
    for value in CaptionValue.all {
      #expect(!value.meaning.isEmpty && !value.name.contains(" "))
    }
  }
}
