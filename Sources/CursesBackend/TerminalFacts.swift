import CNcurses
import CTerminal
import Glibc
public import TerminalUI

/// What can be known of the terminal without starting the screen.
public struct TerminalFacts: Sendable {
  /// Whether standard input is a terminal.
  public var isInputTerminal: Bool
  /// Whether standard output is a terminal.
  public var isOutputTerminal: Bool
  /// The variables that say something about it: TERM, COLORTERM, NO_COLOR, STY, LC_ALL, LC_CTYPE,
  /// LANG, where they are set.
  public var environment: [String: String]
  /// Columns and rows of the terminal on standard output, input or error; nil where there is none.
  public var size: (width: Int, height: Int)?
  /// The number of colours in terminfo's entry, or in that of a terminal like it; 0 where it has none, there
  /// is no entry, or standard output is no terminal.
  public var terminfoColors: Int
  /// Whether terminfo says that the cursor can be put anywhere: without that there is no screen. False where
  /// standard output is no terminal.
  public var canMoveCursor: Bool

  /// Columns and rows of the terminal on standard output, input or error; nil where there is none.
  public static var currentSize: (width: Int, height: Int)? {
    [STDOUT_FILENO, STDIN_FILENO, STDERR_FILENO].lazy.compactMap(screenSize).first
  }

  /// Asks the process's surroundings. Where standard output is a terminal, before there is a screen: both
  /// read terminfo into the one place that curses has for it.
  public static func current() -> TerminalFacts {
    var facts = TerminalFacts(
      isInputTerminal: isatty(STDIN_FILENO) == 1, isOutputTerminal: isatty(STDOUT_FILENO) == 1,
      environment: currentEnvironment(), size: currentSize, terminfoColors: 0, canMoveCursor: false)
    if facts.isOutputTerminal, let term = facts.environment["TERM"],
      TerminalEntry.load(term, output: STDOUT_FILENO) != nil
    {
      facts.terminfoColors = max(0, Int(tigetnum("colors")))
      facts.canMoveCursor = curses_capability("cup") != nil
      terminal_unload_entry()
    }
    return facts
  }

  /// TERM; empty where it is not set.
  public var term: String { environment["TERM"] ?? "" }

  /// Whether the screen can be started: a terminal on both ends that can move its cursor.
  public var canShowScreen: Bool { isInputTerminal && isOutputTerminal && canMoveCursor }

  /// Whether the terminal is one that shows nothing but lines of text (TERM=dumb, or none).
  public var isDumb: Bool { term.isEmpty || term == "dumb" }

  /// The depth of colour to draw in.
  public func colorDepth(_ choice: ColorChoice) -> ColorDepth {
    choice.depth(environment: environment, terminfoColors: terminfoColors)
  }

  /// Whether text may go beyond ASCII, by the locale of the environment. Sets the process's locale.
  public var isUTF8: Bool { TerminalLocale.adopt(environment, asksForASCII: false) }

  static func currentEnvironment() -> [String: String] {
    var found: [String: String] = [:]
    for name in ["TERM", "COLORTERM", "NO_COLOR", "STY", "LC_ALL", "LC_CTYPE", "LANG"] {
      if let value = getenv(name) { found[name] = String(cString: value) }
    }
    return found
  }

  static func screenSize(of fd: Int32) -> (width: Int, height: Int)? {
    var (columns, lines): (Int32, Int32) = (0, 0)
    return curses_size(fd, &columns, &lines) ? (Int(columns), Int(lines)) : nil
  }

  /// Whether a terminal understands, or at least ignores, DEC's private modes (`ESC[?…h`) for the
  /// mouse, pasting and synchronized output, by its name in terminfo. Unknown ones are spared.
  static func hasPrivateModes(term: String) -> Bool {
    let families = [
      "xterm", "tmux", "screen", "rxvt", "alacritty", "foot", "kitty", "wezterm", "konsole", "vte",
      "gnome", "st-", "ghostty", "contour", "mintty", "iterm", "putty", "mlterm", "Eterm",
    ]
    return term == "st" || families.contains { term.hasPrefix($0) }
  }
}
