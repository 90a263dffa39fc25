import Foundation
import TestSupport

/// Another program, run to its end.
struct Subprocess {
  let status: Int32
  let out: String
  let err: String

  /// Runs a program without a terminal. What it prints goes to files: a pipe would stop it when full.
  /// Spawned by hand, because Foundation's Process takes a program for alive as long as a server that
  /// it left behind (tmux does) is.
  init(_ url: URL, _ arguments: [String], environment changes: [String: String] = [:]) throws {
    (status, out, err) = try TemporaryFolder.with { folder in
      let (out, err) = (folder.path("out"), folder.path("err"))
      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT, 0o600)
      posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT, 0o600)
      // The test runner's threads block signals and it ignores some; a child would inherit that.
      var attributes = posix_spawnattr_t()
      posix_spawnattr_init(&attributes)
      defer { posix_spawnattr_destroy(&attributes) }
      var none = sigset_t()
      sigemptyset(&none)
      posix_spawnattr_setsigmask(&attributes, &none)
      sigaddset(&none, SIGPIPE)
      posix_spawnattr_setsigdefault(&attributes, &none)
      posix_spawnattr_setflags(
        &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
      var argv = ([url.path()] + arguments).map { strdup($0) } + [nil]
      let environment = ProcessInfo.processInfo.environment
        .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }.merging(changes) { $1 }
      var envp = environment.map { strdup("\($0)=\($1)") } + [nil]
      defer { for pointer in argv + envp { free(pointer) } }
      var pid: pid_t = 0
      let failure = posix_spawn(&pid, url.path(), &actions, &attributes, &argv, &envp)
      guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .ENOENT) }
      var status: Int32 = 0
      while waitpid(pid, &status, 0) == -1, errno == EINTR {}
      let isExit = status & 0x7F == 0
      return (
        isExit ? status >> 8 & 0xFF : -(status & 0x7F),
        try String(contentsOfFile: out, encoding: .utf8),
        try String(contentsOfFile: err, encoding: .utf8)
      )
    }
  }
}

/// The built program, run as a person would.
enum Program {
  /// The binary that was built beside these tests.
  static let url = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "dropscope")

  static func run(_ arguments: String...) throws -> Subprocess { try run(arguments) }

  /// Runs it without anybody's `config.toml`, unless `environment` says where one is.
  static func run(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Subprocess {
    let nobody = ["XDG_CONFIG_HOME": "/nonexistent"]
    return try Subprocess(url, arguments, environment: nobody.merging(environment) { $1 })
  }

  /// Runs it in a folder, where relative paths begin.
  static func run(_ arguments: [String], in folder: TemporaryFolder) throws -> Subprocess {
    try Subprocess(
      URL(filePath: "/bin/sh"),
      ["-c", "cd \"$0\" && exec \"$@\"", folder.path, url.path()] + arguments,
      environment: ["XDG_CONFIG_HOME": "/nonexistent"])
  }

  /// Runs a script of the shell, in which `$ds` is the program.
  static func shell(_ script: String) throws -> Subprocess {
    try Subprocess(
      URL(filePath: "/bin/sh"), ["-c", script],
      environment: ["ds": url.path(), "XDG_CONFIG_HOME": "/nonexistent"])
  }

  /// Runs a command of the shell that `signal` ends once `condition` holds and `seconds` more have passed. On a
  /// busy machine it may have come to its end by then, which shows nothing: it is run again, ten times at most,
  /// after what it wrote was removed.
  ///
  /// - Parameter output: what the command writes, as words of the shell.
  static func stopped(
    _ command: String, by signal: String, once condition: String, for seconds: String,
    output: String
  ) throws -> Subprocess {
    try shell(
      """
      for attempt in 1 2 3 4 5 6 7 8 9 10; do
        rm -rf \(output)
        \(command) & pid=$!
        until \(condition) || ! kill -0 $pid; do sleep .02; done
        sleep \(seconds); kill -\(signal) $pid; wait $pid
        status=$?; [ $status = 0 ] || break
      done
      exit $status
      """)
  }
}

extension Pty {
  /// dropscope on a terminal of its own.
  static func program(
    _ arguments: [String] = [], in folder: TemporaryFolder, width: Int = 80, height: Int = 24
  ) throws -> Pty {
    try Pty([Program.url.path()] + arguments, in: folder, width: width, height: height)
  }
}
