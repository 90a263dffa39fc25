import Formats
import Glibc

/// Another process: started, and what became of it.
enum ChildProcess {
  /// How one ended.
  struct End {
    /// Its code; 0 where a signal ended it.
    let code: Int32
    /// The signal that ended it; nil where it ended by itself.
    let signal: Int32?

    fileprivate init(_ status: Int32) {
      let number = status & 0x7F
      (code, signal) = (number == 0 ? status >> 8 & 0xFF : 0, number == 0 ? nil : number)
    }
  }

  /// Starts a program, which is found on the path where its name has no slash; its errors go where this
  /// one's go.
  /// - Parameter output: what its standard output is; nil for this one's
  /// - Throws: `Failure` where there is no such program.
  static func start(_ words: [String], output: CInt? = nil) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let output { posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
    var argv = words.map { strdup($0) } + [nil]
    defer { for pointer in argv { free(pointer) } }
    var child: pid_t = 0
    let failure = posix_spawnp(&child, words[0], &actions, nil, &argv, environ)
    guard failure == 0 else {
      throw Failure(
        .missingInput, "\(words[0]): cannot start: \(String(cString: strerror(failure)))")
    }
    return child
  }

  /// Waits for one.
  static func wait(for child: pid_t) -> End {
    var status: Int32 = 0
    while waitpid(child, &status, 0) == -1, errno == EINTR {}
    return End(status)
  }

  /// What became of one; nil where it has not ended.
  static func end(of child: pid_t) -> End? {
    var status: Int32 = 0
    return waitpid(child, &status, WNOHANG) == child ? End(status) : nil
  }
}
