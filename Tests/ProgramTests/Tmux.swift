import Foundation

/// A real terminal of 80×24 to run the program in.
struct Tmux {
  static let executable = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/bin/tmux"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  private let socket = "dropscope-\(UUID().uuidString.prefix(8))"

  /// Opens a terminal that runs a shell, hands it to `body` and closes it.
  static func with(
    width: Int = 80, height: Int = 24, term: String = "tmux-256color", locale: String = "C.UTF-8",
    _ body: (Tmux) throws -> Void
  ) throws {
    let tmux = Tmux()
    defer { _ = try? tmux.run("kill-server") }
    try tmux.run(
      "-f", "/dev/null", "-u", "new-session", "-d", "-x", "\(width)", "-y", "\(height)",
      "env -u NO_COLOR -u COLORTERM TERM=\(term) LC_ALL=\(locale) SWIFT_BACKTRACE=enable=no PS1='ready> ' sh"
    )
    try body(tmux)
  }

  /// Types text, then presses Enter.
  func type(_ line: String) throws {
    try run("send-keys", "-l", line)
    try run("send-keys", "Enter")
  }

  /// Presses keys by tmux's names for them.
  func press(_ keys: String...) throws {
    for key in keys { try run("send-keys", key) }
  }

  func resize(width: Int, height: Int) throws {
    try run("resize-window", "-x", "\(width)", "-y", "\(height)")
  }

  /// The text on the screen.
  func screen() throws -> String { try run("capture-pane", "-p") }

  /// Waits until the screen satisfies a condition; returns it as it then is, or as it is when time
  /// has run out.
  @discardableResult
  func wait(seconds: Double = 10, until condition: (String) -> Bool) throws -> String {
    let end = Date().addingTimeInterval(seconds)
    while true {
      let text = try screen()
      if condition(text) || Date() > end { return text }
      usleep(15_000)
    }
  }

  @discardableResult
  func run(_ arguments: String...) throws -> String {
    try Subprocess(URL(filePath: Tmux.executable!), ["-L", socket] + arguments).out
  }
}
