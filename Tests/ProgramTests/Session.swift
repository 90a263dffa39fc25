import Foundation
import Testing
import TestSupport

/// Starts the program in a shell in tmux, lets `body` use it, and checks that it left the terminal as
/// it found it.
func session(
  _ arguments: String = "", term: String = "tmux-256color", locale: String = "C.UTF-8",
  ready: String = "? help", _ body: (Tmux) throws -> Void
) throws {
  try TemporaryFolder.with { folder in
    try Tmux.with(term: term, locale: locale) { tmux in
      try tmux.wait { $0.contains("ready>") }
      let (before, after) = (folder.path("before"), folder.path("after"))
      try tmux.type(
        "stty -a > \(before); \(Program.url.path()) \(arguments); echo status=$?; stty -a > \(after); echo over"
      )
      let first = try tmux.wait { $0.contains(ready) }
      #expect(first.contains(ready), "\(first)")
      try body(tmux)
      let last = try tmux.wait { $0.contains("\nover") && $0.contains("\nready>") }
      #expect(last.contains("\nover\nready>"), "\(last)")
      if term.hasPrefix("tmux") {
        // The alternate screen is gone: the command that started the program is back.
        #expect(last.contains("stty -a"), "\(last)")
      }
      let flags = try tmux.run(
        "display-message", "-p", "#{cursor_flag}#{alternate_on}#{mouse_any_flag}#{keypad_flag}")
      #expect(flags == "1000\n", "cursor, alternate screen, mouse, keypad: \(flags)")
      let settings = try [before, after].map { path in
        try String(contentsOfFile: path, encoding: .utf8)
          .replacing(/rows \d+; columns \d+/, with: "")
      }
      #expect(settings[0] == settings[1])
    }
  }
}
