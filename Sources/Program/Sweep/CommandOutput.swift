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
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    var argv = words.map { strdup($0) } + [nil]
    defer { for pointer in argv { free(pointer) } }
    var child: pid_t = 0
    let failure = posix_spawnp(&child, words[0], &actions, nil, &argv, environ)
    close(ends[1])
    guard failure == 0 else {
      throw Failure(
        .missingInput, "\(words[0]): cannot start: \(String(cString: strerror(failure)))")
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
    var status: Int32 = 0
    while waitpid(child, &status, 0) == -1, errno == EINTR {}
    return (status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F, output)
  }
}
