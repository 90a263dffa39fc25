import CTerminal
import Foundation

/// A terminal without a window: a program runs on it, what it writes is kept as bytes and as what a
/// terminal would show. It may be resized and typed into faster than any real one.
package final class Pty {
  /// The program on it.
  package let pid: Int32
  /// All that was written so far.
  package private(set) var bytes: [UInt8] = []
  /// What a terminal shows of that.
  package private(set) var screen: TextScreen
  private var master: Int32
  private var status: Int32?

  /// Starts a program in `folder`, which serves as its home too.
  /// - Throws: `POSIXError` where there is no terminal or program to be had.
  package init(
    _ command: [String], in folder: TemporaryFolder, width: Int = 80, height: Int = 24,
    term: String = "xterm-256color"
  ) throws {
    let environment = [
      "TERM=\(term)", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", "PS1=ready> ",
      "HOME=\(folder.path)",
      "XDG_CONFIG_HOME=/nonexistent", "SWIFT_BACKTRACE=enable=no",
      // Under a sanitizer: a program that ends gives nothing back, which is no leak.
      "ASAN_OPTIONS=detect_leaks=0",
    ]
    // Core files of those that are made to die would only be in the way.
    let words = ["/bin/sh", "-c", "ulimit -c 0; cd \"$HOME\" && exec \"$@\"", "sh"] + command
    var argv = words.map { strdup($0) } + [nil]
    var envp = environment.map { strdup($0) } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var child: pid_t = 0
    master = pty_spawn("/bin/sh", &argv, &envp, Int32(width), Int32(height), &child)
    guard master >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    pid = child
    screen = TextScreen(width: width, height: height)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
  }

  deinit {
    if status == nil {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    hangUp()
  }

  /// Closes the terminal as a window is closed.
  package func hangUp() {
    if master >= 0 { close(master) }
    master = -1
  }

  /// The process group that keys go to.
  package var foreground: Int32 { tcgetpgrp(master) }

  /// The modes of the terminal's driver, as `stty -a` has them.
  package var driverModes: [UInt8] {
    var modes = termios()
    tcgetattr(master, &modes)
    return withUnsafeBytes(of: &modes) { Array($0) }
  }

  /// How many ticks of the processor's clock (10 ms) the program took so far.
  package func processorTicks() throws -> Int {
    let stat = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
    let fields = stat[stat.lastIndex(of: ")")!...].split(separator: " ")
    return Int(fields[12])! + Int(fields[13])!
  }

  /// Types bytes; reads meanwhile what comes, or both sides might wait for each other.
  package func type(_ bytes: some Collection<UInt8>) {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) } else if errno != EAGAIN { return }
      pump(milliseconds: count > 0 ? 0 : 5)
    }
  }

  /// Types text.
  package func type(_ text: String) { type(text.utf8) }

  /// Gives the terminal another size, as a window does that is dragged.
  package func resize(width: Int, height: Int) {
    var size = winsize(
      ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
    // The driver sends SIGWINCH.
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    screen.resize(width: width, height: height)
  }

  /// Takes what the program writes, for so long.
  package func pump(milliseconds: Int) {
    let end = ContinuousClock.now + .milliseconds(milliseconds)
    var block = [UInt8](repeating: 0, count: 65536)
    while true {
      let left = Int32(max(0, (end - .now) / .milliseconds(1)).rounded(.up))
      var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, left) > 0 else { return }
      let count = read(master, &block, block.count)
      guard count > 0 else {
        // All who had the terminal open are gone.
        usleep(UInt32(left) * 1000)
        return
      }
      bytes += block[..<count]
      screen.feed(block[..<count])
      if .now >= end { return }
    }
  }

  /// Waits until the screen satisfies a condition.
  /// - Returns: whether it did before time ran out.
  package func wait(seconds: Double = 30, until condition: (TextScreen) -> Bool) -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while !condition(screen) {
      if ContinuousClock.now > end { return false }
      pump(milliseconds: 5)
    }
    return true
  }

  /// Waits until a text is on the screen.
  /// - Returns: whether it was before time ran out.
  package func wait(seconds: Double = 30, for text: String) -> Bool {
    wait(seconds: seconds) { $0.text.contains(text) }
  }

  /// Waits until nothing came for a while.
  package func settle(milliseconds: Int = 100) {
    var count = -1
    while count != bytes.count {
      count = bytes.count
      pump(milliseconds: milliseconds)
    }
  }

  /// Whether the program still runs.
  package var isAlive: Bool { exitStatus(seconds: 0) == nil }

  /// Waits for the program's end: its status, or a signal's number less than nothing; nil where it
  /// does not end in time.
  package func exitStatus(seconds: Double = 10) -> Int32? {
    let end = ContinuousClock.now + .seconds(seconds)
    while status == nil {
      var word: Int32 = 0
      if waitpid(pid, &word, WNOHANG) == pid { status = word }
      if status == nil, ContinuousClock.now >= end { return nil }
      pump(milliseconds: 5)
    }
    return status.map { $0 & 0x7F == 0 ? $0 >> 8 & 0xFF : -($0 & 0x7F) }
  }
}
