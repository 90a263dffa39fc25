import Masks
import Scope
import TerminalUI

/// What a person wants from the start, from their `config.toml`. Options override it; nothing ever
/// writes it. It speaks for the terminal program only, so that `render` and `export` give the same
/// files for everybody.
package struct Config {
  var rate: Double?
  var kind: String?
  var seed: UInt64?
  var scale: Scaling?
  var color: ColorChoice?
  var ramp: Ramp?
  var ascii: Bool?
  var mouse: Bool?
  var memoryLimit: MemorySize?
  var workLimit: WorkSize?
  var keymap = Keymap()
  /// What was wrong with the file, in the order of its lines.
  var problems: [Problem] = []

  /// A line that was passed over.
  struct Problem: Hashable, CustomStringConvertible {
    /// The line, from 1; nil where it is about the whole file.
    var line: Int?
    var text: String

    /// A problem, said in one line.
    init(line: Int? = nil, text: String) {
      self.line = line
      self.text = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    var description: String {
      (line.map { "config.toml line \($0): " } ?? "config.toml: ") + text
    }
  }

  /// All problems in one line; nil where there are none.
  package var summary: String? {
    guard let first = problems.first else { return nil }
    return problems.count == 1 ? "\(first)" : "\(first) (and \(problems.count - 1) more)"
  }
}
