import Formats
import Glibc

/// Another program, run to its end for what it prints.
enum CommandOutput {
  /// Runs a program that is found on the path; its errors go where this one's go.
  /// - Returns: its code, and what it printed.
  /// - Throws: `Failure` where there is no such program.
  static func of(_ words: [String]) throws -> (code: Int32, output: [UInt8]) {
    var ends: [CInt] = [0, 0]
    guard pipe(&ends) == 0 else {
      throw Failure(.software, "a pipe: \(String(cString: strerror(errno)))")
    }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let child: pid_t
    do {
      defer { close(ends[1]) }
      child = try ChildProcess.start(words, output: ends[1])
    }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      // What is read here is a line; whatever goes on and on is not it.
      if output.count < 1 << 24 { output += buffer[..<count] }
    }
    let end = ChildProcess.wait(for: child)
    return (end.signal.map { 128 + $0 } ?? end.code, output)
  }
}
