import TerminalUI

/// Text at the end of a line of a script: as it is where that can be read back, else in double
/// quotes, with `\"`, `\\` and `\u{…}` for what a line cannot hold or an eye cannot see.
enum ScriptText {
  static func written(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let isPlain =
      !scalars.isEmpty && scalars.first != "\"" && scalars.first != " " && scalars.last != " "
      && scalars.allSatisfy(isVisible)
    return isPlain ? text : quoted(text)
  }

  /// The text of what `written` wrote; nil where a quote is not closed or an escape is none.
  static func read(_ text: String) -> String? {
    guard text.unicodeScalars.first == "\"" else { return text.isEmpty ? nil : text }
    var out = String.UnicodeScalarView()
    var rest = text.unicodeScalars.dropFirst()
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"": return rest.isEmpty ? String(out) : nil
      case "\\":
        guard let escaped = escape(&rest) else { return nil }
        out.append(escaped)
      default: out.append(scalar)
      }
    }
    return nil
  }

  /// Text in quotes, whatever it is.
  static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" {
        out += "\\\(scalar)"
      } else if isVisible(scalar) {
        out.unicodeScalars.append(scalar)
      } else {
        out += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return out + "\""
  }

  /// What stands behind a backslash.
  private static func escape(_ rest: inout Substring.UnicodeScalarView) -> Unicode.Scalar? {
    switch rest.popFirst() {
    case "\"": return "\""
    case "\\": return "\\"
    case "u":
      guard rest.popFirst() == "{", let end = rest.firstIndex(of: "}"),
        let value = UInt32(String(rest[..<end]), radix: 16)
      else { return nil }
      rest = rest[rest.index(after: end)...]
      return Unicode.Scalar(value)
    default: return nil
    }
  }

  /// Whether a scalar is seen by itself: one that combines would swallow the blank before it.
  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .unassigned, .nonspacingMark, .spacingMark, .enclosingMark: false
    default: scalar.isVisible
    }
  }
}
