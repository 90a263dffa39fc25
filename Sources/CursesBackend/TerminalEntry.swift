import CNcurses
import CTerminal
import Glibc
import TerminalUI

/// The terminfo entry that the screen runs on: the terminal's own, with the colours that were chosen
/// and without the strings that change the palette (curses would reset the user's at the end).
///
/// terminfo has entries for 24-bit colour only where ncurses-term is installed, so the entry is made
/// here and handed over in the form `TERMINFO=b64:…` (ncurses 6.4, terminfo(5), "Fetching compiled
/// descriptions").
struct TerminalEntry {
  /// The entry, compiled, in base 64.
  let base64: String
  /// The name of the entry it was made from: the terminal's own, or one that stands in for it.
  let name: String
  /// The terminal's own number of colours.
  let ownColors: Int

  /// Reads the entry of a terminal, or of one like it, and changes it.
  /// - Throws: `TerminalError` where there is none, or its cursor cannot be moved.
  init(term: String, choice: ColorChoice, environment: [String: String], output: Int32)
    throws(TerminalError)
  {
    guard let name = TerminalEntry.load(term, output: output) else {
      throw TerminalError(
        description: "terminal \(term): expected an entry in terminfo, found none")
    }
    defer { terminal_unload_entry() }
    guard curses_capability("cup") != nil else {
      throw TerminalError(
        description: "terminal \(term): expected one that can move its cursor, found none (cup)")
    }
    self.name = name
    ownColors = max(0, Int(tigetnum("colors")))
    let depth = choice.depth(environment: environment, terminfoColors: ownColors)
    let (colors, strings) = TerminalEntry.colors(of: depth, ownColors: ownColors)
    var bytes = [UInt8](repeating: 0, count: 32768)
    let count = terminal_compile_entry(
      term, Int32(colors), strings?.foreground, strings?.background, &bytes, bytes.count)
    guard count > 0 else {
      throw TerminalError(
        description: "terminal \(term): expected an entry below 32 kB, found a longer one")
    }
    base64 = TerminalEntry.base64(bytes.prefix(count))
  }

  /// Loads the first entry there is of those that a terminal may go by; what loaded it unloads it.
  /// - Returns: the entry's name, nil where there is none.
  static func load(_ term: String, output: Int32) -> String? {
    names(of: term).first { terminal_load_entry($0, output) }
  }

  /// The entries a terminal may go by, the nearest first. Over ssh terminals bring names that the other
  /// machine's terminfo does not know: `foot-extra` is a kind of `foot`, and whatever takes xterm's
  /// private modes does all that the program asks of `xterm-256color`.
  static func names(of term: String) -> [String] {
    var names = [term]
    var rest = term[...]
    while let dash = rest.lastIndex(of: "-"), dash > rest.startIndex {
      rest = rest[..<dash]
      if rest != "xterm" { names.append(String(rest)) }
    }
    guard TerminalFacts.hasPrivateModes(term: term) else { return names }
    let isMultiplexer = term.hasPrefix("tmux") || term.hasPrefix("screen")
    return names + (isMultiplexer ? ["screen-256color", "screen"] : [])
      + ["xterm-256color", "xterm"].filter { $0 != term }
  }

  /// The number of colours for a depth and the strings that set them; no strings where the entry's
  /// own do.
  static func colors(
    of depth: ColorDepth, ownColors: Int
  ) -> (Int, (foreground: String, background: String)?) {
    switch depth {
    case .none: return (ownColors, nil)
    case .ansi8: return ownColors == 8 ? (8, nil) : (8, ("\u{1B}[3%p1%dm", "\u{1B}[4%p1%dm"))
    case .ansi16:
      return (
        16,
        (
          "\u{1B}[%?%p1%{8}%<%t3%p1%d%e9%p1%{8}%-%d%;m",
          "\u{1B}[%?%p1%{8}%<%t4%p1%d%e10%p1%{8}%-%d%;m"
        )
      )
    case .palette256:
      return ownColors == 256 ? (256, nil) : (256, ("\u{1B}[38;5;%p1%dm", "\u{1B}[48;5;%p1%dm"))
    case .truecolor:
      // Semicolons: more terminals understand them than colons.
      let parts = "%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d"
      return (1 << 24, ("\u{1B}[38;2;\(parts)m", "\u{1B}[48;2;\(parts)m"))
    }
  }

  /// RFC 4648 §4.
  static func base64(_ bytes: some Collection<UInt8>) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let group = rest.prefix(3)
      rest = rest.dropFirst(3)
      let padded = Array(group) + Array(repeating: 0, count: 3 - group.count)
      let word = Int(padded[0]) << 16 | Int(padded[1]) << 8 | Int(padded[2])
      for digit in 0..<4 {
        out.append(digit <= group.count ? digits[word >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
