import Formats
package import Scope

extension Lesson {
  /// All lessons.
  package static var all: [Lesson] { builtIn + added }

  /// Lessons of another target, after the built-in ones while a call lasts:
  /// `Lesson.$added.withValue([lesson]) { … }`.
  @TaskLocal package static var added: [Lesson] = []

  /// The lessons carried inside the binary, in their order.
  package static let builtIn: [Lesson] = BuiltIns.lessons.enumerated().map { index, bytes in
    do throws(ScriptError) {
      return Lesson(try Script(parsing: bytes), name: "\(index + 1)")
    } catch {
      fatalError("lesson \(index + 1), line \(error.line): \(error.expected); \(error.found)")
    }
  }

  /// A lesson that opens what its head says.
  init(_ script: Script, name: String) {
    let header = script.header
    self.init(script, name: name) { try header.open(from: name) }
  }

  /// What the lesson says, without a screen: each step's text with its numbers.
  func text(width: Int = 78) throws -> [String] {
    var state = try script.header.open(from: name)
    state.theme.hasColor = false
    var lines = [title, String(repeating: "=", count: title.count)]
    if !question.isEmpty { lines += [question] }
    for moment in script.moments() {
      if state.play(moment) { break }
      lines += [""] + state.narrationText(width: width)
    }
    return lines
  }
}
