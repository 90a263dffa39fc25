import CTerminal
import Glibc

/// A terminal without a screen: a program runs on it and its bytes are read as they come.
struct PseudoTerminal {
  private let master: Int32
  private let child: pid_t

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Starts a program on a new terminal of 80×24.
  init(_ program: String, _ more: [String] = []) throws {
    let environment = ["TERM=xterm-256color", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"] + more
    var argv = [strdup(program), nil]
    var envp = environment.map { strdup($0) } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var pid: pid_t = 0
    master = pty_spawn(program, &argv, &envp, 80, 24, &pid)
    guard master >= 0 else { throw Failure(description: "\(program) cannot be started") }
    child = pid
  }

  /// Types bytes.
  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(master, bytes, bytes.count)
  }

  /// Gives it another size, or the same again: the program is told.
  func resize(width: UInt16, height: UInt16) {
    var size = winsize(ws_row: height, ws_col: width, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    kill(child, SIGWINCH)
  }

  /// What the program took of the processor so far, to the nanosecond.
  var processorSeconds: Double {
    var id = clockid_t()
    var time = timespec()
    clock_getcpuclockid(child, &id)
    clock_gettime(id, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Reads until `mark` has come.
  /// - Returns: how many bytes came, what followed the mark in the same read included.
  @discardableResult
  func read(until mark: String) throws -> Int {
    let mark = Array(mark.utf8)
    var seen: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = Glibc.read(master, &block, block.count)
      guard count > 0 else { throw Failure(description: "the program ended early") }
      let from = max(0, seen.count - mark.count)
      seen += block[..<count]
      let tail = seen[from...]
      if tail.indices.contains(where: { tail[$0...].starts(with: mark) }) { return seen.count }
    }
  }

  /// Waits for the program's end.
  func finish() {
    // What it still writes must be read, or it never ends.
    var block = [UInt8](repeating: 0, count: 65536)
    while Glibc.read(master, &block, block.count) > 0 {}
    var status: Int32 = 0
    waitpid(child, &status, 0)
    close(master)
  }
}
