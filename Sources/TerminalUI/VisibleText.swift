/// The one gate for text on its way to a terminal or a log: names, metadata, options and messages,
/// whoever wrote them, do nothing there but be read.
///
/// Scalars that control a terminal, turn the direction of writing or cannot be seen become
/// `\u{1B}` and the like. It can be undone: where a backslash would be taken for the beginning of such
/// an escape, it becomes `\u{5C}`.
package enum VisibleText {
  /// The most scalars of a message's line: an error that quotes a file must not fill a log.
  package static let mostOfMessage = 2000

  /// Text as one line: ends of lines are escapes too.
  /// - Parameter limit: after so many scalars it is cut, with an ellipsis behind it
  package static func line(_ text: String, limit: Int = .max) -> String {
    // Most of what there is.
    if text.utf8.count <= limit, text.utf8.allSatisfy({ 0x20...0x7E ~= $0 && $0 != 0x5C }) {
      return text
    }
    if text.utf8.count <= limit, text.unicodeScalars.allSatisfy({ $0.isOneColumn && $0 != "\\" }) {
      return text
    }
    var shown = String.UnicodeScalarView()
    var (count, rest) = (0, text.unicodeScalars[...])
    while let scalar = rest.popFirst() {
      let isSeen = scalar.isVisible && !(scalar == "\\" && rest.starts(with: "u{".unicodeScalars))
      let piece = isSeen ? nil : escape(scalar)
      let width = piece?.utf8.count ?? 1
      guard count + width <= limit else {
        shown.append("…")
        break
      }
      if let piece { shown.append(contentsOf: piece.unicodeScalars) } else { shown.append(scalar) }
      count += width
    }
    return String(shown)
  }

  /// Text of several lines: only `\n` ends one.
  package static func lines(_ text: String) -> String {
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line(String($0)) }.joined(separator: "\n")
  }

  /// JSON text with the same scalars as JSON's own escapes: what reads it gets the very same strings.
  package static func json(_ text: String) -> String {
    // Numbers by the million, for the most part.
    if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x0A }) { return text }
    var safe = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar.isVisible || scalar == "\n" {
        safe.append(scalar)
      } else {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          let zeros = String(repeating: "0", count: 4 - digits.count)
          safe.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
        }
      }
    }
    return String(safe)
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
  }
}

extension Unicode.Scalar {
  /// Whether it is seen for what it is: no control (C0, DEL, C1), no mark of direction, nothing without
  /// width but what combines with a letter, nothing that means another thing to everyone.
  package var isVisible: Bool {
    if isOneColumn { return true }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
      return false
    default: return !properties.isDefaultIgnorableCodePoint
    }
  }
}
