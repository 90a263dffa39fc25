import CNcurses
import Glibc

/// The character set that the environment asks for.
enum TerminalLocale {
  enum Request: Equatable {
    /// A locale that is ASCII by definition, or a character set other than UTF-8.
    case ascii
    /// UTF-8, or a locale that does not say.
    case utf8
  }

  /// What LC_ALL, LC_CTYPE and LANG ask for; the first that is set and not empty counts (POSIX XBD
  /// §8.2). Where none is, UTF-8 is what a terminal of today shows, but not one of the VT series.
  static func request(_ environment: [String: String]) -> Request {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }
    guard let locale = names.first(where: { !$0.isEmpty }) else {
      return (environment["TERM"] ?? "").hasPrefix("vt") ? .ascii : .utf8
    }
    if locale == "C" || locale == "POSIX" { return .ascii }
    guard let dot = locale.firstIndex(of: ".") else { return .utf8 }
    let charset = locale[dot...].dropFirst().prefix { $0 != "@" }.lowercased()
    return charset == "utf-8" || charset == "utf8" ? .utf8 : .ascii
  }

  /// Sets the process's character set; numbers and messages stay as they are everywhere. A locale that
  /// is asked for but not installed (common over ssh) leaves C, in which curses drops every glyph beyond
  /// ASCII: C.UTF-8 stands in for it.
  /// - Returns: whether text may go beyond ASCII.
  static func adopt(_ environment: [String: String], asksForASCII: Bool) -> Bool {
    let isSet = setlocale(LC_CTYPE, "") != nil
    if asksForASCII || request(environment) == .ascii { return false }
    if isSet, isCodesetUTF8 { return true }
    return setlocale(LC_CTYPE, "C.UTF-8") != nil && isCodesetUTF8
  }

  private static var isCodesetUTF8: Bool {
    nl_langinfo(Int32(CODESET)).map { String(cString: $0) } == "UTF-8"
  }
}
