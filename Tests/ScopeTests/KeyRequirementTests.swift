import Masks
import Studies
import TerminalUI
import Testing
import TestSupport

@testable import Scope

/// What a person who lives in terminals expects of the keys and of the lines that tell of them.
@Suite struct KeyRequirementTests {
  /// Every mode of the screen, by what lies on top.
  private static let overlays: [State.Overlay?] =
    [nil] + State.Overlay.modes.map { $0 } + [.prompt("kind b")]

  @Test func noKeyIsBoundTwiceInAnyMode() {
    let modes = Self.overlays.map { Bindings.active($0) } + [Bindings.active(nil, paints: true)]
    for bindings in modes {
      let keys = bindings.flatMap(\.keys)
      let twice = Set(keys.filter { key in keys.count { $0 == key } > 1 })
      #expect(twice.isEmpty, "\(twice.map(\.label))")
    }
  }

  @Test(arguments: [(0, 0), (1, 1), (20, 5), (23, 8), (24, 7), (24, 8), (80, 24)])
  func everyStateCanBeQuit(width: Int, height: Int) throws {
    for overlay in Self.overlays {
      var state = try Fixture.state(width: width, height: height)
      state.overlay = overlay
      #expect(state.action(for: .control("c")) == .quit)
      #expect(state.action(for: .terminate) == .quit)
      // Where the command line is seen, q is a letter of it.
      if !state.isTyping {
        #expect(state.action(for: "q") == .quit, "\(String(describing: overlay))")
      }
    }
  }

  @Test func aCommandLineThatIsNotSeenTakesNoLetters() throws {
    var state = try Fixture.state()
    _ = state.perform([.openPrompt("rate .1"), .resize(width: 20, height: 5)])
    #expect(state.action(for: "q") == .quit)
    #expect(state.action(for: .key(.enter)) != .submit)
    #expect(state.action(for: .paste("x")) == nil)
    _ = state.perform([.resize(width: 80, height: 24)])
    #expect(state.action(for: "q") == .type("q"))
    #expect(state.overlay == .prompt("rate .1"))
  }

  @Test func escapeClosesTheTopOnly() throws {
    for overlay in Self.overlays {
      var state = try Fixture.state()
      let setting = state.setting
      state.overlay = overlay
      #expect(state.perform([try #require(state.action(for: .key(.escape)))]) == [])
      #expect(state.overlay == nil)
      #expect(state.setting == setting)
    }
  }

  @Test func theKeysPeopleExpect() throws {
    let state = try Fixture.state()
    let expected: [(InputEvent, Action)] = [
      ("?", .toggleHelp), (.key(.function(1)), .toggleHelp), ("q", .quit),
      ("h", .moveCursor(rows: 0, columns: -1)), (.key(.left), .moveCursor(rows: 0, columns: -1)),
      ("j", .moveCursor(rows: 1, columns: 0)), (.key(.down), .moveCursor(rows: 1, columns: 0)),
      ("k", .moveCursor(rows: -1, columns: 0)), (.key(.up), .moveCursor(rows: -1, columns: 0)),
      ("l", .moveCursor(rows: 0, columns: 1)), (.key(.right), .moveCursor(rows: 0, columns: 1)),
      ("+", .changeRate(hundredths: 5)), ("-", .changeRate(hundredths: -5)),
      (">", .changeRate(hundredths: 1)), ("<", .changeRate(hundredths: -1)),
      ("0", .setRate(hundredths: 0)), ("9", .setRate(hundredths: 90)), ("s", .toggleSpatial),
      ("m", .nextKind), ("r", .resample), ("u", .undo), (.control("r"), .redo),
      ("y", .showCommand), (":", .openPrompt("")), ("M", .toggleMouse),
    ]
    for (key, action) in expected { #expect(state.action(for: key) == action, "\(key.label)") }
  }

  @Test func keysOfAltGrLayoutsAreAvoided() {
    for bindings in Self.overlays.map({ Bindings.active($0) }) + [Bindings.painting] {
      let keys = bindings.flatMap(\.keys)
      #expect(!keys.contains("[") && !keys.contains("]"))
    }
  }

  @Test func anUnknownKeyIsAnsweredInOneLine() throws {
    for overlay in Self.overlays.dropLast() {
      var state = try Fixture.state()
      state.overlay = overlay
      let action = try #require(state.action(for: "]"))
      #expect(state.perform([action]) == [], "no effect, so no beep either")
      let answer = try #require(state.message)
      #expect(!answer.contains("\n") && answer.count < 80 && answer.hasPrefix("] does nothing"))
      #expect(state.frame().row(23) == " \(answer)")
      #expect(state.overlay == overlay)
    }
  }

  @Test func hintsAreLeftOutFromTheRight() throws {
    var last = 0
    for width in Array(24...90) + [120, 160, 240] {
      for overlay in Self.overlays.dropLast() {
        var state = try Fixture.state(width: width, height: 24)
        state.overlay = overlay
        let line = state.frame().row(23)
        let hints = state.bindings.compactMap { binding in
          binding.hint.map { "\(binding.label) \($0)" }
        }
        let present = hints.map { line.contains($0) }
        let always = Bindings.always.compactMap { binding in
          binding.hint.map { "\(binding.label) \($0)" }
        }.filter { width >= 40 || !$0.hasPrefix("Ctrl-P") }
        #expect(!line.contains("…"), "a hint is shown whole or not at all")
        #expect(always.allSatisfy { line.contains($0) }, "\(width): \(line)")
        // No hint is missing left of one that is there.
        let own = zip(hints, present).filter { hint, _ in
          !Bindings.always.contains { "\($0.label) \($0.hint ?? "")" == hint }
        }.map(\.1)
        #expect(own == own.sorted { $0 && !$1 }, "\(width): \(line)")
        if overlay == nil {
          let count = present.count { $0 }
          #expect(count >= last)
          last = count
          if width == 80 { #expect((5...8).contains(count), "\(line)") }
        }
      }
    }
  }

  @Test func theStatusSaysWhatThereIsToKnow() throws {
    var state = try Fixture.state()
    _ = state.perform([.setRate(hundredths: 30), .nextScaling])
    let text = state.frame().text
    let realised = state.observation.realised
    let words = [
      "element", "at relu1", ".30", "keep .70", "\(realised.dropped)/\(realised.of)", "seed 7",
      "train", "none", "relu1 [2,26,26]",
    ]
    for word in words { #expect(text.contains(word), "\(word)") }
    _ = state.perform([.toggleMode])
    #expect(state.frame().row(0).contains("eval") && state.frame().row(1).contains("none acts"))
  }

  @Test func aHelpOfAllKeysFitsEightyColumns() throws {
    var state = try Fixture.state()
    _ = state.perform([try #require(state.action(for: .key(.function(1))))])
    var text = ""
    for _ in 0..<9 {
      text += state.frame().text
      _ = state.perform([.scroll(by: 10)])
    }
    #expect(text.contains("the end"))
    for binding in Bindings.maps + Bindings.always {
      #expect(text.contains(binding.help), "\(binding.label)")
    }
  }

  @Test func theArticleNamesEveryKey() throws {
    let article = try Repository.text("Sources/dropscope/Documentation.docc/Keys.md")
    for binding in Bindings.maps + Bindings.always {
      // Digits and arrows are written as ranges and words.
      for key in binding.keys where !"12345678".contains(key.keyName ?? "") {
        guard case .character = key, key != "=", let name = key.keyName else { continue }
        let isNamed = article.contains("`\(name)`") || "hjkl".contains(name)
        #expect(isNamed, "\(name): \(binding.help)")
      }
    }
  }
}
