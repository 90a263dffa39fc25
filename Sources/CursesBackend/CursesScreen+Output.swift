import CNcurses
import CTerminal
import Glibc
import TerminalUI

extension CursesScreen {
  /// Sends the next frame: what curses writes for it, without the colours that the terminal has, as one
  /// update.
  func sendFrame() {
    let (start, end) = hasPrivateModes ? ("\u{1B}[?2026h", "\u{1B}[?2026l") : ("", "")
    guard colorDepth > .none, let frame = output.frame({ _ = wrefresh(curses_screen()) }) else {
      write(start)
      wrefresh(curses_screen())
      write(end)
      return
    }
    write(Array(start.utf8) + styles.reduce(frame) + Array(end.utf8))
  }

  /// Writes to the terminal itself: what goes through curses' stream may come out only at the end.
  func write(_ text: String) { write(Array(text.utf8)) }

  private func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.write(streams.outputDescriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN {
        var room = pollfd(fd: streams.outputDescriptor, events: Int16(POLLOUT), revents: 0)
        poll(&room, 1, -1)
        continue
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Has whatever ends the process undo everything that is switched on.
  static func arm(_ streams: Streams, height: Int, _ hasPrivateModes: Bool) {
    let bytes = restoringBytes(height: height, hasPrivateModes)
    terminal_arm(streams.outputDescriptor, bytes, bytes.count, true)
  }

  /// What undoes everything that was switched on, for a signal handler: padding, which only terminals
  /// slower than any of today need, is left out.
  private static func restoringBytes(height: Int, _ hasPrivateModes: Bool) -> [UInt8] {
    var text = hasPrivateModes ? "\u{1B}[?2026l\u{1B}[?2004l" + CursesScreen.mouseOff : ""
    if let home = curses_move(Int32(height - 1), 0) { text += String(cString: home) }
    for name in ["op", "sgr0", "el", "cnorm", "rmkx", "rmcup"] {
      if let value = curses_capability(name) { text += String(cString: value) }
    }
    return Array(CursesScreen.withoutPadding(text).utf8)
  }

  /// Removes terminfo's delays, `$<5>` and the like.
  static func withoutPadding(_ text: String) -> String {
    var out = ""
    var rest = Substring(text)
    while let start = rest.firstIndex(of: "$") {
      out += rest[..<start]
      rest = rest[start...]
      if rest.hasPrefix("$<"), let end = rest.firstIndex(of: ">") {
        rest = rest[rest.index(after: end)...]
      } else {
        out += "$"
        rest = rest.dropFirst()
      }
    }
    return out + rest
  }
}
