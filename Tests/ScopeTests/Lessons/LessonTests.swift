import Masks
import Studies
import TerminalUI
import Testing

@testable import Scope

/// Going through a lesson, one that a test brings along.
@Suite struct LessonTests {
  private static let text = """
    dropscope script 1
    lesson small A small lesson
    asks What goes?
    0 caption The first step: {dropped}.
    0 highlight mask
    0 wait key
    5 spatial
    5 caption The second: {maps.dropped} maps.
    5 ask Which? | a this | *b that
    5 wait key
    9 page samples
    9 wait work 32
    9 caption The last: {samples} samples.
    9 pytorch nn.Dropout2d(p={p})
    9 wait key
    """

  static func lesson() throws -> Lesson {
    let script = try Script(parsing: Array((text + "\n").utf8))
    return Lesson(script, name: "x") { try Fixture.state(width: 10, height: 5) }
  }

  static func state(width: Int = 80, height: Int = 24) throws -> State {
    var state = try Fixture.state(width: width, height: height)
    state.lessons = [try lesson()]
    return state
  }

  private static func press(_ events: InputEvent..., on state: inout State) throws -> [Effect] {
    var effects: [Effect] = []
    for event in events {
      effects += state.perform([try #require(state.action(for: event), "\(event)")])
    }
    return effects
  }

  /// Does the work that is due as the program would.
  private static func work(_ state: inout State) {
    while var due = state.dueWork {
      due.advance(to: due.count + 8)
      state.receive(due)
      _ = state.perform([.reachWork(due.count)])
    }
  }

  @Test func isListedAndFoundByItsName() throws {
    var state = try Self.state()
    _ = try Self.press("T", on: &state)
    #expect(state.page == .learn)
    #expect(state.frame().text.contains("1  A small lesson   What goes?"))
    #expect(state.frame().text.contains("0 of 1 done"))
    _ = try Self.press(.key(.enter), on: &state)
    #expect(state.lessonPlace?.step == 0)
    #expect(state.frame().row(1).hasPrefix(" lesson 1 of 1 · A small lesson"))
    _ = try Self.press(.key(.escape), on: &state)
    #expect(state.lessonPlace == nil && state.page == .learn)
    _ = try Self.press(.control("p"), on: &state)
    for scalar in "lesson 1".unicodeScalars { _ = try Self.press(.character(scalar), on: &state) }
    _ = try Self.press(.key(.enter), on: &state)
    #expect(state.lessonPlace?.lesson.name == "small")
    // A name that is none says which are.
    var other = try Self.state()
    _ = other.perform([.lesson(.begin("smal"))])
    #expect(other.message?.contains("small") == true && other.lessonPlace == nil)
    var without = try Fixture.state()
    _ = without.perform([.openPage(.learn)])
    #expect(without.frame().text.contains("there are no lessons here"))
    _ = try Self.press(.key(.enter), on: &without)
    #expect(without.lessonPlace == nil)
  }

  @Test func numbersFollowTheKeysOfThePage() throws {
    var state = try Self.state()
    _ = state.perform([.lesson(.begin("small"))])
    let first = state.frame()
    let realised = state.observation.realised
    #expect(first.text.contains("The first step: \(realised.dropped) of \(realised.of)."))
    _ = try Self.press("+", "r", on: &state)
    #expect(state.setting.rate.p > 0.5)
    let changed = state.observation.realised
    #expect(changed != realised)
    #expect(state.frame().text.contains("The first step: \(changed.dropped) of \(changed.of)."))
    // The next step begins as if nothing had been tried, and the step before comes back as it was.
    _ = try Self.press(" ", on: &state)
    #expect(state.setting.rate.p == 0.5 && state.setting.kind == "spatial")
    _ = try Self.press(.key(.backspace), on: &state)
    #expect(state.frame() == first)
  }

  @Test func backspaceShowsTheVeryFrame() throws {
    var state = try Self.state()
    _ = state.perform([.lesson(.begin("small"))])
    var frames = [state.frame()]
    _ = try Self.press(" ", "a", on: &state)
    frames.append(state.frame())
    _ = try Self.press(" ", on: &state)
    Self.work(&state)
    frames.append(state.frame())
    for index in [1, 0] {
      _ = try Self.press(.key(.backspace), on: &state)
      #expect(state.frame() == frames[index], "step \(index)")
    }
    _ = try Self.press(.key(.backspace), on: &state)
    #expect(state.message == "this is the first step" && state.lessonPlace?.step == 0)
    for index in [1, 2] {
      _ = try Self.press(" ", on: &state)
      #expect(state.frame() == frames[index], "step \(index)")
    }
  }

  @Test func lettersAnswerOnlyWhileAQuestionIsOpen() throws {
    var state = try Self.state()
    _ = state.perform([.lesson(.begin("small"))])
    #expect(state.action(for: "b") == .openPrompt("block "))
    _ = try Self.press(" ", on: &state)
    #expect(state.action(for: "b") == .lesson(.answer(1)))
    // A letter of no answer is a key of the page.
    #expect(state.action(for: "c") == .toggleComparison)
    _ = try Self.press("a", on: &state)
    #expect(state.frame().text.contains("this: no"))
    #expect(state.action(for: "b") == .lesson(.answer(1)))
    _ = try Self.press("b", on: &state)
    #expect(state.frame().text.contains("that: right"))
    #expect(state.action(for: "b") == .openPrompt("block "))
  }

  @Test func workIsWaitedForAndShownAsItGoes() throws {
    var state = try Self.state()
    _ = state.perform([.lesson(.begin("small"))])
    let effects = try Self.press(" ", " ", on: &state)
    #expect(effects.contains(.startWork) && effects.contains(.keepProgress))
    #expect(state.page == .samples && state.dueWork?.goal == 32)
    #expect(state.frame().text.contains("0 of 32 masks"))
    #expect(!state.frame().text.contains("The last"))
    Self.work(&state)
    #expect(state.frame().text.contains("The last: 32 samples."))
    #expect(state.frame().text.contains("PyTorch  nn.Dropout2d(p=.50)"))
    // Nobody waits where nobody watches.
    let script = try Self.lesson().script
    var played = try Fixture.state()
    for moment in script.moments() {
      let isOver = played.play(moment)
      #expect(!isOver)
    }
    #expect(played.filled("{samples}") == "32" && played.narration?.pytorch != nil)
    var unseen = try Fixture.state()
    let isOver = unseen.playUnseen(script.moments())
    #expect(!isOver)
    #expect(unseen.frame() == played.frame())
  }

  /// What a lesson lies on counts: leaving asks for a mask painted before it, and a signal asks nobody.
  @Test func aMaskPaintedBeforeIsAskedFor() throws {
    var state = try Self.state()
    _ = state.perform([.openPrompt("kind manual"), .submit])
    _ = state.perform([.paintCell(row: 1, column: 1, keeps: false)])
    #expect(state.hasUnsavedMask)
    _ = state.perform([.lesson(.begin("small"))])
    #expect(!state.hasUnsavedMask && state.losesMask)
    #expect(state.action(for: .terminate) == .terminate)
    var asked = state
    #expect(asked.perform([.quit]).isEmpty && asked.overlay == .leaving)
    #expect(state.perform([.terminate]).contains(.quit))
  }

  @Test func theEndIsToldOnceAndLeavesEverythingAsItWas() throws {
    var state = try Self.state()
    _ = state.perform([.changeRate(hundredths: 5), .openPage(.network)])
    let before = state.setting
    _ = state.perform([.lesson(.begin("small"))])
    var effects = try Self.press(" ", " ", on: &state)
    #expect(effects.filter { $0 == .keepProgress }.count == 1)
    #expect(state.finishedLessons == ["small"])
    effects = try Self.press(.key(.backspace), " ", " ", on: &state)
    #expect(!effects.contains(.keepProgress))
    #expect(state.lessonPlace == nil && state.page == .learn && state.setting == before)
    #expect(state.message == "A small lesson is done")
    #expect(state.frame().text.contains("1 of 1 done"))
    // Esc in the middle leaves to where one was; what lies on top closes first.
    state = try Self.state()
    _ = state.perform([.lesson(.begin("small"))])
    _ = try Self.press("?", .key(.escape), on: &state)
    #expect(state.lessonPlace != nil && state.overlay == nil)
    _ = try Self.press(" ", .key(.escape), on: &state)
    #expect(state.lessonPlace == nil && state.setting.kind == "element" && state.narration == nil)
    #expect(state.finishedLessons == [])
    // Undo knows nothing of the lesson.
    _ = try Self.press("u", on: &state)
    #expect(state.message == "nothing to undo")
  }

  @Test(arguments: [(80, 24), (120, 40), (40, 12), (24, 8), (200, 60), (1, 1), (0, 0)])
  func nothingIsCoveredAtAnySize(width: Int, height: Int) throws {
    var state = try Self.state(width: width, height: height)
    _ = state.perform([.lesson(.begin("small"))])
    let frame = state.frame()
    #expect((frame.width, frame.height) == (width, height))
    guard let layout = ScreenLayout(state) else { return }
    let said = try #require(layout.narration)
    #expect(frame.row(said.y + 1 + (height >= 34 ? 1 : 0)).contains("The first step"))
    for rect in layout.maps + [layout.header, layout.rate, layout.hints] where !rect.isEmpty {
      #expect(rect.intersection(said).isEmpty, "\(rect)")
    }
    // The screen follows a resize, and so does the step before.
    _ = try Self.press(" ", .resize(width: 100, height: 30), .key(.backspace), on: &state)
    #expect((state.size.width, state.size.height) == (100, 30) && state.lessonPlace?.step == 0)
  }

  @Test func whatIsSpokenOfIsMarked() throws {
    var state = try Self.state()
    let plain = state.frame()
    _ = state.perform([.lesson(.begin("small"))])
    let mask = try #require(ScreenLayout(state)?.maps[1])
    let frame = state.frame()
    let start = try #require((mask.x..<mask.right).first { frame[$0, mask.y].glyph == "m" })
    for x in start..<start + 4 {
      #expect(frame[x, mask.y].style.background == Palette.accent)
      #expect(frame[x, mask.y].style.attributes.contains(.underline))
    }
    #expect(!plain.cells.contains { $0.style.background == Palette.marked })
    _ = state.perform([.lesson(.highlight(.words("clean")))])
    let clean = try #require(ScreenLayout(state)?.maps[0])
    #expect(state.frame()[clean.x, clean.y].style.background == Palette.accent)
  }
}
