import Studies
import TerminalUI

extension Script {
  /// Reads a script. A last line without its end was cut, and what it says cannot be known: it is
  /// left out and told by `cutLine`.
  /// - Throws: `ScriptError` for the first line that makes no sense.
  public init(parsing bytes: [UInt8]) throws(ScriptError) {
    var reader = ScriptReader()
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let isWhole = bytes.last == UInt8(ascii: "\n") || bytes.isEmpty
    for (index, line) in lines.dropLast().enumerated() {
      do throws(ScriptError) {
        try reader.read(line, number: index + 1)
      } catch {
        throw ScriptError(line: index + 1, expected: error.expected, found: error.found)
      }
    }
    guard reader.hasVersion else {
      throw ScriptError(
        line: 1, expected: ScriptHeader.firstLine, found: bytes.isEmpty ? "nothing" : "a cut line")
    }
    self.init(try reader.finishedHeader(), steps: reader.steps)
    cutLine = isWhole ? nil : lines.count
  }
}

/// What was read of a script so far.
private struct ScriptReader {
  var header = ScriptHeader()
  var steps: [Script.Step] = []
  var hasVersion = false
  private var keys: [KeyChange] = []

  mutating func read(_ bytes: ArraySlice<UInt8>, number: Int) throws(ScriptError) {
    guard var line = String(validating: bytes, as: UTF8.self) else {
      throw ScriptError(expected: "text in UTF-8", found: "other bytes")
    }
    if line.unicodeScalars.last == "\r" { line.unicodeScalars.removeLast() }
    guard hasVersion else {
      guard line == ScriptHeader.firstLine else {
        throw ScriptError(expected: ScriptHeader.firstLine, found: ScriptReader.excerpt(line))
      }
      hasVersion = true
      return
    }
    guard !line.allSatisfy({ $0 == " " }), line.first != "#" else { return }
    let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    let rest = parts.count > 1 ? String(parts[1]) : ""
    if let milliseconds = ScriptTime.milliseconds(parts[0]) {
      let least = steps.last?.milliseconds ?? 0
      guard milliseconds >= least else {
        throw ScriptError(
          expected: "a time of at least \(ScriptTime.text(least))", found: String(parts[0]))
      }
      let action = try Action(scriptText: rest)
      steps.append(Script.Step(milliseconds: milliseconds, action: action))
    } else if steps.isEmpty {
      try readHeader(String(parts[0]), rest, line: line, number: number)
    } else {
      throw ScriptError(
        expected: "a time in seconds and an action", found: ScriptReader.excerpt(line))
    }
  }

  func finishedHeader() throws(ScriptError) -> ScriptHeader {
    var header = header
    let (keymap, problems) = Bindings.customised(by: keys)
    if let problem = problems.first {
      throw ScriptError(
        line: problem.line, expected: "keys for an action", found: problem.text)
    }
    header.keymap = keymap
    return header
  }

  private mutating func readHeader(
    _ word: String, _ rest: String, line: String, number: Int
  ) throws(ScriptError) {
    switch word {
    case "open":
      guard let words = ShellWords.split(rest) else {
        throw ScriptError(expected: "words of a command line", found: "a quote without its end")
      }
      header.arguments = words
    case "size":
      guard case .resize(let width, let height) = try Action(scriptText: line) else { return }
      header.size = ScreenSize(width: width, height: height)
    case "theme": try readTheme(rest)
    case "lesson": try readTitle(rest)
    case "asks":
      guard let text = ScriptText.read(rest) else {
        throw ScriptError(expected: "asks QUESTION", found: ScriptReader.excerpt(line))
      }
      header.asks = text
    case "keys":
      let words = rest.split(separator: " ").map(String.init)
      keys.append(KeyChange(words.first ?? "", keys: Array(words.dropFirst()), line: number))
    default:
      throw ScriptError(
        expected: "open, size, theme, keys, lesson, asks, or a time in seconds and an action",
        found: ScriptReader.excerpt(line))
    }
  }

  private mutating func readTitle(_ text: String) throws(ScriptError) {
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    // A number would stand for a lesson's place in the list.
    guard words.count == 2, let title = ScriptText.read(words[1]), Int(words[0]) == nil,
      words[0].unicodeScalars.allSatisfy(\.isASCII)
    else {
      throw ScriptError(
        expected: "lesson NAME TITLE, the name one word of ASCII", found: ScriptReader.excerpt(text)
      )
    }
    header.lesson = ScriptHeader.Title(name: words[0], title: title)
  }

  private mutating func readTheme(_ text: String) throws(ScriptError) {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 3, let ramp = Ramp(rawValue: words[0]),
      ["unicode", "ascii"].contains(words[1]),
      let depth = ColorDepth.allCases.first(where: { "\($0)" == words[2] })
    else {
      let ramps = Ramp.allCases.map(\.rawValue).joined(separator: "|")
      let depths = ColorDepth.allCases.map { "\($0)" }.joined(separator: "|")
      throw ScriptError(
        expected: "\(ramps), unicode|ascii, \(depths)", found: ScriptReader.excerpt(text))
    }
    header.theme = Theme(
      glyphs: words[1] == "unicode" ? .unicode : .ascii, ramp: ramp,
      hasColor: depth >= .palette256, depth: depth)
  }

  private static func excerpt(_ line: String) -> String {
    line.isEmpty ? "nothing" : String(line.prefix(40))
  }
}
