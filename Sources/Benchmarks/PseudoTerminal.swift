import Glibc

/// A terminal without a screen: a program runs on it and its bytes are read as they come.
struct PseudoTerminal {
  private let master: Int32
  private let child: pid_t

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Starts a program on a new terminal of 80×24.
  init(_ program: String) throws {
    master = posix_openpt(O_RDWR | O_NOCTTY)
    guard master >= 0, grantpt(master) == 0, unlockpt(master) == 0, let name = ptsname(master) else {
      throw Failure(description: "no pseudo-terminal")
    }
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSID))
    let environment = ["TERM=xterm-256color", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"]
    var argv = [strdup(program), nil]
    var envp = environment.map { strdup($0) } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var pid: pid_t = 0
    let status = posix_spawn(&pid, program, &actions, &attributes, &argv, &envp)
    guard status == 0 else { throw Failure(description: "\(program) cannot be started") }
    child = pid
  }

  /// Types bytes.
  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(master, bytes, bytes.count)
  }

  /// Reads until `mark` has come.
  /// - Returns: how many bytes came, the mark's own and what followed it in the same read included.
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
