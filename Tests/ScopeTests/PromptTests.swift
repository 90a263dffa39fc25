import Masks
import Studies
import TensorCore
import TerminalUI
import Testing

@testable import Scope

/// The command line: its cursor, its words and its history.
@Suite struct PromptTests {
  private func press(_ keys: [InputEvent], on state: inout State) {
    for key in keys { if let action = state.action(for: key) { _ = state.perform([action]) } }
  }

  private func type(_ text: String, on state: inout State) {
    press(text.unicodeScalars.map { .character($0) }, on: &state)
  }

  private func prompt(_ state: State) -> Prompt {
    if case .prompt(let prompt) = state.overlay { prompt } else { "(closed)" }
  }

  private func opened(_ text: String = "", width: Int = 80, height: Int = 24) throws -> State {
    var state = try Fixture.state(width: width, height: height)
    press([":"], on: &state)
    type(text, on: &state)
    return state
  }

  @Test func theCursorMovesAndEditsWhereItStands() throws {
    var state = try opened("rte .5")
    press([.key(.home), .key(.right)], on: &state)
    type("a", on: &state)
    #expect(prompt(state).text == "rate .5" && prompt(state).cursor == 2)
    press([.key(.end)], on: &state)
    type("5", on: &state)
    #expect(prompt(state).text == "rate .55")
    press([.control("a"), .key(.delete)], on: &state)
    #expect(prompt(state).text == "ate .55" && prompt(state).cursor == 0)
    press([.key(.left), .key(.backspace)], on: &state)
    #expect(prompt(state).text == "ate .55", "nothing stands before the first character")
    press([.control("e"), .control("w")], on: &state)
    #expect(prompt(state).text == "ate ")
    press([.control("w")], on: &state)
    #expect(prompt(state).text == "")
    type("kind row", on: &state)
    press([.key(.left), .key(.left), .key(.left), .control("u")], on: &state)
    #expect(prompt(state).text == "row" && prompt(state).cursor == 0)
    press([.control("u"), .key(.end), .key(.delete)], on: &state)
    #expect(prompt(state).text == "row")
    press([.control("u"), .key(.backspace), .key(.backspace)], on: &state)
    press([.key(.backspace)], on: &state)
    #expect(state.overlay == nil, "taking back in an empty line closes it")
  }

  @Test func tabGoesThroughTheWordsThatFitAndBack() throws {
    var state = try opened("k")
    press([.key(.tab)], on: &state)
    #expect(prompt(state).text == "kind ", "the only word that fits is taken at once")
    type("f", on: &state)
    press([.key(.tab)], on: &state)
    #expect(prompt(state).text == "kind feature-alpha")
    press([.control("w"), .key(.tab)], on: &state)
    #expect(prompt(state).text == "kind \(KindRegistry.names[0])")
    press([.key(.tab)], on: &state)
    #expect(prompt(state).text == "kind \(KindRegistry.names[1])")
    press([.key(.backTab), .key(.backTab)], on: &state)
    #expect(prompt(state).text == "kind ", "before the first stands what was typed")
    press([.key(.backTab)], on: &state)
    #expect(prompt(state).text == "kind \(KindRegistry.names.last!)")
    for _ in 0...KindRegistry.names.count { press([.key(.tab)], on: &state) }
    #expect(prompt(state).text == "kind \(KindRegistry.names.last!)", "once round")
  }

  @Test func wordsInTheMiddleAreCompletedWhereTheCursorIs() throws {
    var state = try opened("sp relu1")
    press([.control("a"), .key(.right)], on: &state)
    press([.key(.tab)], on: &state)
    #expect(prompt(state).text == "seedp relu1", "seed, scale and save begin with s")
    press([.key(.tab)], on: &state)
    #expect(prompt(state).text == "scalep relu1" && prompt(state).cursor == 5)
  }

  @Test func everyCommandWithAListOfWordsTakesEachOfThem() throws {
    let state = try Fixture.state()
    for command in Command.all {
      for word in command.candidates(state) {
        var changed = state
        // What cannot act on this layer is refused by the network, not by the command.
        #expect(throws: Never.self, "\(command.name) \(word)") {
          _ = try command.run(&changed, word)
        }
        var typed = state
        press([":"], on: &typed)
        self.type("\(command.name) \(word)", on: &typed)
        press([.key(.tab)], on: &typed)
        #expect(prompt(typed).text == "\(command.name) \(word)" || command.name == "channel")
      }
    }
    let listed = Command.all.filter { !$0.candidates(state).isEmpty }.map(\.name)
    for name in ["kind", "rule", "layer", "at", "scale", "mode", "ramp", "block-rule", "mouse"] {
      #expect(listed.contains(name))
    }
  }

  @Test func layersAreFoundByAnyPartOfTheirName() throws {
    var state = try opened("layer lu2")
    press([.key(.tab), .key(.enter)], on: &state)
    #expect(state.layer.name == "relu2")
  }

  @Test func nothingFitsAndNothingChanges() throws {
    var state = try opened("xyz")
    press([.key(.tab)], on: &state)
    #expect(prompt(state) == "xyz")
    #expect(state.frame().row(23).contains("no command xyz; nearest: "))
    press([.control("u")], on: &state)
    type("seed 1", on: &state)
    press([.key(.tab)], on: &state)
    #expect(prompt(state) == "seed 1")
  }

  @Test func linesComeBackAndTheDraftIsKept() throws {
    var state = try opened("rate .35")
    press([.key(.enter)], on: &state)
    for line in ["kind row", "kind row", "", "  ", "rte 1"] {
      press([":"], on: &state)
      type(line, on: &state)
      press([.key(.enter)], on: &state)
    }
    #expect(state.promptHistory.lines == ["rate .35", "kind row", "rte 1"])
    press([":"], on: &state)
    type("see", on: &state)
    press([.key(.up)], on: &state)
    #expect(prompt(state).text == "rte 1", "a line with a mistake can be mended")
    press([.control("p"), .key(.up), .key(.up)], on: &state)
    #expect(prompt(state).text == "rate .35")
    press([.control("n"), .key(.down)], on: &state)
    #expect(prompt(state).text == "rte 1")
    press([.key(.down)], on: &state)
    #expect(prompt(state) == "see")
    press([.key(.down)], on: &state)
    #expect(prompt(state) == "see")
    press([.key(.up), .key(.left), .key(.left)], on: &state)
    press([.key(.up), .key(.down)], on: &state)
    #expect(prompt(state).text == "rte 1", "moving in a line does not leave the history")
  }

  @Test func aHundredLinesAreKept() {
    var history = PromptHistory()
    for number in 0..<250 { history.record("seed \(number)") }
    #expect(history.lines.count == 100)
    #expect(history.lines.first == "seed 150" && history.lines.last == "seed 249")
    var prompt = Prompt()
    for _ in 0..<300 { prompt = history.recalled(prompt, older: 1) }
    #expect(prompt.text == "seed 150")
  }

  @Test func historyIsNoChangeToUndo() throws {
    var state = try opened("quit")
    #expect(state.perform([.submit]) == [.quit])
    #expect(state.perform([.undo]).isEmpty && state.message == "nothing to undo")
  }

  @Test(arguments: [
    ("", "rate kind block"), ("ra", ":ra  rate ramp"), ("rat", ":rate P"), ("rate ", ":rate P"),
    ("rate", ":rate P"),
    ("sc", ":scale inverted, weight, none"), ("scale ", ":scale inverted, weight, none"),
    ("mode t", ":mode train"), ("block", ":block N or NxM   block-rule"),
    ("kind bl", ":kind block"), ("kind zoo", ":kind zoo  nearest: row, "),
    ("rte ", "nearest: rate"),
  ])
  func whatCouldFollowIsShown(_ line: String, _ expected: String) throws {
    let state = try opened(line)
    #expect(state.frame().row(23).contains(expected), "\(state.frame().row(23))")
  }

  @Test(arguments: [(80, 24), (40, 12), (24, 8)])
  func screens(width: Int, height: Int) throws {
    var state = try opened("kind ", width: width, height: height)
    press([.key(.tab), .key(.tab)], on: &state)
    expectSnapshot(state.frame().text, "prompt-words-\(width)x\(height)")
    press([.control("u")], on: &state)
    expectSnapshot(state.frame().text, "prompt-\(width)x\(height)")
  }

  @Test func aLongLineScrollsInTwentyFourColumns() throws {
    var state = try opened("save a-name-that-is-longer.npy", width: 24, height: 8)
    #expect(state.frame().row(7) == " :…e-that-is-longer.npy")
    press([.key(.left)], on: &state)
    #expect(cursor(state.frame()) == "y")
    press([.key(.home)], on: &state)
    #expect(state.frame().row(7) == " :save a-name-that-is-l…")
    for place in 0..<30 {
      #expect(prompt(state).cursor == place)
      let scalars = Array(prompt(state).text.unicodeScalars)
      #expect(cursor(state.frame()) == scalars[place], "\(state.frame().row(7))")
      press([.key(.right)], on: &state)
    }
    #expect(cursor(state.frame()) == " ")
  }

  /// The character under the cursor of the line of keys.
  private func cursor(_ frame: Buffer) -> Unicode.Scalar? {
    let row = frame.height - 1
    return (0..<frame.width).first { frame[$0, row].style.background == Palette.cursor }
      .map { frame[$0, row].glyph }
  }

  @Test func pastedTextGoesWhereTheCursorIs() throws {
    var state = try opened(".5")
    press([.key(.home), .paste("rate\n ")], on: &state)
    #expect(prompt(state).text == "rate .5")
    press([.key(.enter)], on: &state)
    #expect(state.setting.rate.p == 0.5)
  }

  @Test func everyEditHasAName() {
    let names = PromptEdit.allCases.compactMap { Action.edit($0).name }
    #expect(Set(names).count == PromptEdit.allCases.count)
  }

  @Test func theMouseIsTakenAndGivenBack() throws {
    var state = try Fixture.state()
    state.isMouseOn = true
    #expect(state.perform([try #require(state.action(for: "M"))]) == [.setMouse(false)])
    #expect(!state.isMouseOn)
    #expect(state.frame().row(23).contains("the terminal's own selection works again"))
    #expect(state.frame().row(23).contains(":mouse on"))
    #expect(state.perform([.openPrompt("mouse on"), .submit]) == [.setMouse(true)])
    #expect(state.isMouseOn)
    #expect(state.perform([.openPrompt("mouse off"), .submit]) == [.setMouse(false)])
    #expect(state.perform([.openPrompt("mouse of"), .submit]) == [])
    #expect(state.message == "mouse: expected on, off, found of")
  }
}
