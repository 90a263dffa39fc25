package import Formats
import FoundationEssentials
import Glibc
import TerminalUI

/// The one way out of the program for text: every string passes `VisibleText`, is written whole and at
/// once, and is checked. What a full screen shows goes through cells, which pass it too.
package enum Terminal {
  /// Lines on standard output; an end of line within one is shown as an escape.
  /// - Throws: `FormatError` of kind `inputOutput` where they cannot be written.
  static func write(lines: [String]) throws(FormatError) {
    try send(lines.map { VisibleText.line($0) + "\n" }.joined())
  }

  /// Text of the program's own on standard output, in lines.
  /// - Throws: `FormatError` as `write(lines:)` does.
  static func write(_ text: String) throws(FormatError) { try send(VisibleText.lines(text)) }

  /// A frame on standard output, without colours; its cells have passed the gate.
  /// - Throws: `FormatError` as `write(lines:)` does.
  static func write(frame: Buffer) throws(FormatError) { try send(frame.text + "\n") }

  /// A picture on standard output, with colours.
  /// - Throws: `FormatError` as `write(lines:)` does.
  static func write(_ picture: Buffer, depth: ColorDepth, ascii: Bool) throws(FormatError) {
    try send(ANSIExport.string(picture, depth: depth, ascii: ascii))
  }

  /// A picture of one row in the place of the line the cursor is on.
  /// - Throws: `FormatError` as `write(lines:)` does.
  static func rewriteLine(
    _ picture: Buffer, depth: ColorDepth, ascii: Bool
  ) throws(FormatError) {
    let row = ANSIExport.string(picture, depth: depth, ascii: ascii)
    try send(erasedLine + row.filter { !$0.isNewline })
  }

  /// Empties the line the cursor is on.
  /// - Throws: `FormatError` as `write(lines:)` does.
  static func clearLine() throws(FormatError) { try send(erasedLine) }

  /// Has the terminal put text on the clipboard (OSC 52).
  /// - Returns: whether it was copied, as far as can be known: no terminal answers.
  static func copy(_ text: String) -> String {
    let environment = ProcessInfo.processInfo.environment
    if let reason = missingClipboard(environment) { return "not copied: \(reason)" }
    do {
      try send("\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{7}")
    } catch {
      return "not copied: \(error)"
    }
    return environment["TMUX"] == nil
      ? "copied, if the terminal lets programs copy (OSC 52)"
      : "copied, if tmux has set-clipboard on"
  }

  /// Why nothing can be copied on a terminal; nil where it may have a clipboard.
  static func missingClipboard(_ environment: [String: String]) -> String? {
    let name = environment["TERM"] ?? ""
    if name.isEmpty { return "TERM is not set" }
    return ["linux", "dumb", "vt100", "vt102", "vt220"].contains(name)
      ? "terminal \(name) has no clipboard" : nil
  }

  /// A message on standard error: one line of bounded length, whatever it quotes. Nobody could be told
  /// where that cannot be written.
  static func writeError(_ text: String) {
    let message = text.last == "\n" ? String(text.dropLast()) : text
    let line = VisibleText.line(message, limit: VisibleText.mostOfMessage) + "\n"
    try? FileBytes.write(Array(line.utf8), to: "/dev/stderr")
  }

  /// Looks after the standard streams when the program begins: what it opens must not take the place of
  /// one that is closed, and a file that may not grow is an error like any other.
  package static func begin() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      // Open in the wrong direction, so that reading or writing fails as on a closed one.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Closes standard output: some systems tell only then what could not be written.
  /// - Throws: `FormatError` of kind `inputOutput` where it could not.
  package static func finish() throws(FormatError) { try FileBytes.closeStandardOutput() }

  private static let erasedLine = "\r\u{1B}[K"

  private static func send(_ text: String) throws(FormatError) {
    try FileBytes.write(Array(text.utf8), to: "-")
  }
}
