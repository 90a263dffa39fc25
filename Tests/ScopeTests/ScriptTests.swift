import Masks
import Studies
import TensorCore
import TerminalUI
import Testing
import TestSupport

@testable import Scope

/// Every action can be written and read back, and what was written plays to the same frame.
@Suite struct ScriptTests {
  /// One action of each line of the table.
  private static let samples: [Action] =
    Action.named.map(\.action)
    + Action.forms.compactMap { form in
      let texts = [
        "3", "3 4", "3 4 drop", "graph \"text\"", "network", "mask", "a", "key", "Q? | a x | *b y",
        "text",
      ]
      return texts.lazy.compactMap { (try? form.read($0)) ?? nil }.first
    }

  private func readBack(_ action: Action) -> Action? {
    action.scriptText.flatMap { try? Action(scriptText: $0) }
  }

  /// The cases are read from the source, so that one without a form is found though nothing here
  /// names it.
  @Test func everyCaseHasAForm() throws {
    let source = try Repository.text("Sources/Scope/State/Action.swift")
    let body = source.components(after: "public enum Action:", upTo: "\n}\n")
    let cases = Set(
      body.split(separator: "\n").filter { $0.hasPrefix("  case ") }
        .map { String($0.dropFirst(7).prefix { $0.isLetter }) })
    #expect(cases.count > 30)
    let covered = Set(Self.samples.map { String("\($0)".prefix { $0.isLetter }) })
    #expect(cases.subtracting(covered) == [], "give these a name or a form in ActionName.swift")
    for form in Action.forms {
      #expect(Self.samples.contains { form.write($0) != nil }, "\(form.name)")
    }
  }

  @Test func everyActionIsReadBack() {
    for action in Self.samples { #expect(readBack(action) == action, "\(action)") }
    let bound =
      (Bindings.maps + Bindings.always + Bindings.painting + Bindings.prompt)
      + (Bindings.inspector + Bindings.layers)
    for action in bound.flatMap(\.actions) { #expect(readBack(action) == action, "\(action)") }
  }

  @Test func randomActionsAreReadBack() {
    let stream = RandomStream(seed: 5)
    for step in 0..<4000 {
      let action = ScriptTests.random(stream, at: 100 * step)
      #expect(readBack(action) == action, "\(action): \(action.scriptText ?? "no form")")
    }
  }

  private static func random(_ stream: RandomStream, at start: Int) -> Action {
    func word(_ index: Int) -> Int { Int(stream.word(at: start + index)) }
    func number(_ index: Int) -> Int { word(index) % 2_000_001 - 1_000_000 }
    let marks: [Unicode.Scalar] = [
      " ", "\"", "\\", "\n", "\r", "\u{0}", "\u{1B}", "a", "é", "\u{301}", "▀", "{", "u", ".",
      "\u{2028}", "\u{200B}", "😀", "#", "'", "1",
    ]
    var text = String.UnicodeScalarView()
    for index in 0..<word(3) % 12 { text.append(marks[word(10 + index) % marks.count]) }
    let string = String(text)
    switch word(0) % 13 {
    case 0: return .changeRate(hundredths: number(1))
    case 1: return .setRate(hundredths: number(1))
    case 2: return .moveCursor(rows: number(1), columns: number(2))
    case 3: return .placeCursor(row: number(1), column: number(2))
    case 4: return .changeChannel(by: number(1))
    case 5: return .changeLayer(by: number(1))
    case 6: return .moveSelection(by: number(1))
    case 7: return .openPrompt(string)
    case 8: return .type(string)
    case 9: return .paintCell(row: number(1), column: number(2), keeps: word(4) % 2 == 0)
    case 10: return .inform(string)
    case 11: return .resize(width: word(1) % 2000, height: word(2) % 2000)
    default: return .unknownKey(string)
    }
  }

  @Test(arguments: [
    ("rate-upp", "an action, nearest: rate-up"), ("rate-up 3", "nothing after rate-up"),
    ("cursor 1", "cursor ROW COLUMN"), ("cursor 1 x", "cursor ROW COLUMN"),
    ("move 1000001 0", "move ROWS COLUMNS"), ("size 80 -1", "size COLUMNS ROWS"),
    ("size 100000 100000", "size COLUMNS ROWS"), ("paint 1 2 erase", "ROW COLUMN drop|keep"),
    ("type", "type TEXT"), ("type \"open", "type TEXT"), ("type \"\\u{110000}\"", "type TEXT"),
    ("", "an action"),
  ])
  func whatMakesNoSenseIsSaid(text: String, expected: String) {
    let error = #expect(throws: ScriptError.self) { try Action(scriptText: text) }
    #expect(error?.expected.contains(expected) == true, "\(error as Any)")
  }

  @Test func headersAreReadBack() throws {
    var header = ScriptHeader(
      arguments: [
        "my file's.png", "\u{301}'\u{301}", "--model", "a \"b\" \\c.onnx", "", "--rate", ".5",
      ],
      size: ScreenSize(width: 120, height: 40),
      theme: Theme(glyphs: .ascii, ramp: .magma, hasColor: false, depth: .ansi8))
    // Two that swap their keys clash one by one, not together; the third has none.
    header.keymap =
      Bindings.customised(
        by: [("resample", ["s"]), ("spatial", ["r", "F5"]), ("mode", [])].map {
          KeyChange($0.0, keys: $0.1, line: 0)
        }
      ).0
    #expect(header.keymap.keys.count == 3)
    let script = try Script(parsing: Array(header.text.utf8))
    #expect(script == Script(header))
  }

  @Test(arguments: [
    ("", 1, "dropscope script 1"), ("dropscope script 2\n", 1, "dropscope script 1"),
    ("dropscope scr", 1, "dropscope script 1"), ("\n", 1, "dropscope script 1"),
    ("dropscope script 1\n0 rate-up\nopen x\n", 3, "a time in seconds"),
    ("dropscope script 1\n\n# so\n2 undo\n1.9995 undo\n1.999 undo\n", 6, "at least 2.000"),
    ("dropscope script 1\ntheme viridis unicode\n", 2, "viridis|magma"),
    ("dropscope script 1\nsize 80\n", 2, "COLUMNS ROWS"),
    ("dropscope script 1\nopen 'x\n", 2, "words of a command line"),
    ("dropscope script 1\nkeys undoo x\n", 2, "keys for an action"),
    ("dropscope script 1\nspeed 3\n", 2, "open, size, theme"),
    ("dropscope script 1\n1e3 undo\n", 2, "open, size, theme"),
    ("dropscope script 1\n99999999999 undo\n", 2, "open, size, theme"),
  ])
  func wrongLinesAreTold(text: String, line: Int, expected: String) {
    let error = #expect(throws: ScriptError.self) { try Script(parsing: Array(text.utf8)) }
    #expect(error?.line == line, "\(error as Any)")
    #expect(error?.expected.contains(expected) == true, "\(error as Any)")
  }

  /// Wherever a recording is cut, what is whole before the cut is there and no more.
  @Test func aCutRecordingKeepsItsWholeLines() throws {
    let text = "dropscope script 1\nsize 80 24\n0.5 rate-up-fine\r\n1 size 120 40\n2 undo\n"
    let bytes = Array(text.utf8)
    let first = "dropscope script 1\n".utf8.count
    let whole = try Script(parsing: bytes)
    #expect(whole.cutLine == nil && whole.steps.count == 3)
    for end in first..<bytes.count {
      let script = try Script(parsing: Array(bytes[..<end]))
      let lines = bytes[..<end].count { $0 == UInt8(ascii: "\n") }
      #expect(script.steps == Array(whole.steps.prefix(max(0, lines - 2))))
      #expect(script.cutLine == (bytes[end - 1] == UInt8(ascii: "\n") ? nil : lines + 1))
    }
  }

  @Test func bytesThatAreNoTextAreTold() {
    #expect(throws: ScriptError(line: 2, expected: "text in UTF-8", found: "other bytes")) {
      try Script(parsing: Array("dropscope script 1\n".utf8) + [0xFF, 0x0A])
    }
  }

  @Test func linesOfOneTimeAreOneStep() throws {
    let text = "dropscope script 1\n0 rate-up\n0 rate-up\n1 resample\n2 undo\n2.5 undo\n"
    let script = try Script(parsing: Array(text.utf8))
    #expect(script.moments().map(\.actions.count) == [2, 1, 1, 1])
    #expect(script.moments(until: 1).map(\.actions) == [[.changeRate(hundredths: 5)]])
    var state = try Fixture.state()
    for moment in script.moments() {
      let isOver = state.play(moment)
      #expect(!isOver)
    }
    // Two undos take back three changes.
    #expect(state.setting.rate.p == 0.5 && state.setting.seed == 7)
  }
}

extension String {
  fileprivate func components(after start: String, upTo end: String) -> Substring {
    guard let from = firstRange(of: start)?.upperBound else { return "" }
    let rest = self[from...]
    return rest[..<(rest.firstRange(of: end)?.lowerBound ?? rest.endIndex)]
  }
}
