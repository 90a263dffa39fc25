import CNcurses
import TerminalUI

/// What curses reads, as events.
enum KeyCode {
  /// The start of a report of the mouse, `ESC[<`.
  static let mouse: Int32 = 0o5000
  /// The start of pasted text, `ESC[200~`.
  static let pasteStart: Int32 = 0o5001
  /// The end of pasted text, `ESC[201~`.
  static let pasteEnd: Int32 = 0o5002

  /// Ctrl-Page Up and Ctrl-Page Down.
  private static let previousTab: Int32 = 0o5003
  private static let nextTab: Int32 = 0o5004

  /// Teaches curses the sequences that terminfo has no name for.
  static func define() {
    define_key("\u{1B}[<", mouse)
    define_key("\u{1B}[200~", pasteStart)
    define_key("\u{1B}[201~", pasteEnd)
    define_key("\u{1B}[5;5~", previousTab)
    define_key("\u{1B}[6;5~", nextTab)
  }

  /// The key of a code of curses; nil for keys the program has no use for.
  static func event(code: Int32) -> InputEvent? {
    switch code {
    case KEY_UP, KEY_SR: .key(.up)
    case KEY_DOWN, KEY_SF: .key(.down)
    case KEY_LEFT, KEY_SLEFT: .key(.left)
    case KEY_RIGHT, KEY_SRIGHT: .key(.right)
    case KEY_HOME, KEY_SHOME, KEY_FIND, KEY_A1: .key(.home)
    case KEY_END, KEY_SEND, KEY_SELECT, KEY_C1: .key(.end)
    case KEY_PPAGE, KEY_SPREVIOUS, KEY_A3: .key(.pageUp)
    case KEY_NPAGE, KEY_SNEXT, KEY_C3: .key(.pageDown)
    case previousTab: .key(.previousTab)
    case nextTab: .key(.nextTab)
    case KEY_ENTER: .key(.enter)
    case KEY_BACKSPACE: .key(.backspace)
    case KEY_DC, KEY_SDC: .key(.delete)
    case KEY_BTAB: .key(.backTab)
    case KEY_F0 + 1...KEY_F0 + 63: .key(.function(Int(code - KEY_F0)))
    default: nil
    }
  }

  /// The key that makes a character, control characters included.
  static func event(character: UInt32) -> InputEvent? {
    switch character {
    case 9: return .key(.tab)
    case 10, 13: return .key(.enter)
    case 8, 127: return .key(.backspace)
    case 27: return .key(.escape)
    case 0..<32:
      // Ctrl sends a letter's code less 64; letters are told in lower case.
      let letter = character + 64
      let lower = (65...90).contains(letter) ? letter + 32 : letter
      return Unicode.Scalar(lower).map { .control($0) }
    default: return Unicode.Scalar(character).map { .character($0) }
    }
  }
}
