import ArgumentParser
import Formats
import Scope
import TerminalUI

extension Script {
  /// The largest recording that is read: 64 MiB, hundreds of hours of keys.
  private static let limit = 64 << 20

  /// Reads a recording; one that was cut is reported on standard error and played as far as it goes.
  /// - Throws: `FormatError` with the line that makes no sense.
  static func read(_ path: String) throws -> Script {
    let bytes = try MissingFile.suggesting(path) { try FileBytes.read(path, limit: limit) }
    do {
      let script = try Script(parsing: bytes)
      if let line = script.cutLine {
        Terminal.writeError(
          "dropscope: \(path): line \(line) was cut: it has no end; played up to it\n")
      }
      return script
    } catch {
      throw FormatError(
        path, "line \(error.line)", expected: error.expected, found: error.found)
    }
  }
}

extension ScriptHeader {
  /// The state a script begins with.
  /// - Throws: `FormatError` or `Failure`: what opening the view gives, or what is wrong with the
  ///   words that open it.
  func open(from path: String) throws -> State {
    var options: ViewOptions
    do {
      options = try ViewOptions.parse(arguments)
    } catch {
      throw FormatError(
        .badData, file: path, part: "open",
        .failure(UsageText.line(for: error, [View._commandName] + arguments)))
    }
    // Older recordings could not say.
    options.modelDropout = options.modelDropout ?? .on
    var state = try options.open().state(size: size, theme: theme)
    state.keymap = keymap
    return state
  }
}
