import Formats
import Scope
import Studies
import TerminalUI
import TestSupport
import Testing

@testable import Program

/// The lessons in the binary: each is gone through from its first step to its last.
@Suite struct BuiltInLessonTests {
  static let names = Lesson.builtIn.map(\.name)

  private static func begin(
    _ name: String, width: Int = 80, height: Int = 24
  ) throws -> State {
    var state = try ScriptHeader(size: ScreenSize(width: width, height: height)).open(from: "test")
    _ = state.perform([.lesson(.begin(name))])
    work(&state)
    return state
  }

  /// Does the work that is due, as the program does in the background. Samples that no lesson waits for go
  /// on for as long as a person looks: here to 64.
  private static func work(_ state: inout State) {
    while var due = state.dueWork {
      let end = due.goal <= 1024 ? due.goal : 64
      guard due.count < end else { return }
      due.advance(to: end)
      state.receive(due)
      _ = state.perform([.reachWork(due.count)])
    }
  }

  private static func press(_ event: InputEvent, on state: inout State) throws {
    _ = state.perform([try #require(state.action(for: event), "\(event)")])
    work(&state)
  }

  @Test func allHaveATitleAndAQuestion() {
    #expect(Lesson.builtIn.count == 14)
    #expect(Set(Self.names).count == 14)
    for lesson in Lesson.builtIn {
      #expect(lesson.question.hasSuffix("?"), "\(lesson.name)")
      #expect(lesson.title != lesson.name)
    }
  }

  /// Every step says something, every number in it was measured, what it speaks of is marked, and all of
  /// it can be seen; the question is answered by one letter, and going back shows the very frame.
  @Test(arguments: names) func canBeGoneThrough(_ name: String) throws {
    var state = try Self.begin(name)
    let lesson = try #require(state.lessonPlace?.lesson)
    var frames: [Buffer] = []
    var hasQuestion = false
    for step in 0..<lesson.count {
      #expect(state.lessonPlace?.step == step)
      if state.narration?.question != nil {
        hasQuestion = true
        try answer(&state)
      }
      let frame = state.frame()
      frames.append(frame)
      let text = state.narrationText(width: 76)
      #expect(!text.isEmpty && text.count <= 4, "step \(step + 1): \(text)")
      #expect(!text.joined().contains("…"), "step \(step + 1): \(text)")
      for line in text { #expect(frame.text.contains(line), "step \(step + 1): \(line)") }
      if state.narration?.highlights.isEmpty == false {
        let marked = frame.cells.count {
          $0.style.background == Palette.accent && $0.style.attributes.contains(.underline)
        }
        #expect(marked > 0, "step \(step + 1) marks nothing")
      }
      if step + 1 < lesson.count { try Self.press(" ", on: &state) }
    }
    #expect(hasQuestion && state.finishedLessons == [name])
    for step in (0..<lesson.count - 1).reversed() {
      try Self.press(.key(.backspace), on: &state)
      #expect(state.frame() == frames[step], "back to step \(step + 1)")
    }
  }

  /// Tries each letter: one is right, and the question stays open until then.
  private func answer(_ state: inout State) throws {
    let question = try #require(state.narration?.question)
    for index in question.answers.indices where index != question.right {
      try Self.press(.character(Unicode.Scalar(UInt8(97 + index))), on: &state)
      #expect(state.frame().text.contains(": no"))
    }
    try Self.press(.character(Unicode.Scalar(UInt8(97 + question.right))), on: &state)
    #expect(state.frame().text.contains(": right"))
  }

  @Test(arguments: names) func takesLessThanAMinute(_ name: String) throws {
    let lesson = try #require(Lesson.find(name, among: Lesson.builtIn))
    let last = try #require(lesson.script.steps.last)
    // The last step is read as long as any.
    #expect(last.milliseconds <= 48_000)
    let words = lesson.script.steps.reduce(0) { count, step in
      if case .lesson(.caption(let text)) = step.action {
        count + text.split(separator: " ").count
      } else {
        count
      }
    }
    // 240 words a minute.
    #expect(words <= 240, "\(words) words")
    #expect(
      lesson.script.steps.contains {
        if case .lesson(.pytorch) = $0.action { true } else { false }
      }, "no line of PyTorch")
  }

  @Test(arguments: names, [(80, 24), (120, 40), (40, 12)])
  func firstAndLastSteps(name: String, size: (Int, Int)) throws {
    var state = try Self.begin(name, width: size.0, height: size.1)
    state.theme = Theme(hasColor: false)
    let first = state.frame().text
    let count = try #require(state.lessonPlace?.lesson.count)
    for _ in 1..<count { try Self.press(" ", on: &state) }
    let path = "Tests/ScopeTests/Snapshots/lesson-\(name)-\(size.0)x\(size.1).txt"
    expectSnapshot("\(first)\n\n\(state.frame().text)\n", at: path)
  }

  @Test(arguments: [(40, 12), (80, 24), (100, 30), (120, 40), (200, 60)])
  func theList(width: Int, height: Int) throws {
    var state = try ScriptHeader(size: ScreenSize(width: width, height: height)).open(from: "test")
    state.finishedLessons = ["p", "half"]
    _ = state.perform([.openPage(.learn)])
    state.theme = Theme(hasColor: false)
    expectSnapshot(
      state.frame().text, at: "Tests/ScopeTests/Snapshots/page-learn-\(width)x\(height).txt")
  }

  /// Played as a script it says the same without a screen.
  @Test(arguments: names) func isTextToo(_ name: String) throws {
    let lesson = try #require(Lesson.find(name, among: Lesson.builtIn))
    let text = try lesson.text()
    #expect(text[0] == lesson.title && text.contains(lesson.question))
    #expect(!text.joined().contains("…"))
    #expect(text.allSatisfy { $0.unicodeScalars.count <= 80 }, "\(text)")
  }
}
