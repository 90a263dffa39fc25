import Formats
import Glibc

/// Several processes of this program at work on one sweep: locks keep them apart.
enum SweepWorkers {
  /// Starts one for each list of words and waits for all of them.
  /// - Parameter arguments: the words behind the program's name, of each
  /// - Returns: the signal that stopped them; nil where they came to their end.
  /// - Throws: `Failure` with the code of the first that failed, which has said why.
  static func run(_ arguments: [[String]]) throws -> Int32? {
    let workers = try arguments.map(start)
    var (code, told) = (0 as Int32, false)
    for worker in workers {
      var status: Int32 = 0
      while waitpid(worker, &status, 0) == -1, errno == EINTR {
        // Ctrl-C reaches them by itself, a signal to this process does not.
        guard let signal = Interruption.signal, !told else { continue }
        told = true
        for worker in workers { kill(worker, signal) }
      }
      let isExit = status & 0x7F == 0
      if isExit, code == 0 { code = status >> 8 & 0xFF }
    }
    if let signal = Interruption.signal { return signal }
    if code != 0 {
      throw Failure(Failure.Code(rawValue: code) ?? .software, "a worker failed with code \(code)")
    }
    return nil
  }

  private static func start(_ arguments: [String]) throws -> pid_t {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard length > 0 else {
      throw Failure(.software, "/proc/self/exe: \(String(cString: strerror(errno)))")
    }
    let program = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var argv = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for pointer in argv { free(pointer) } }
    var worker: pid_t = 0
    let failure = posix_spawn(&worker, program, nil, nil, &argv, environ)
    guard failure == 0 else {
      throw Failure(.software, "cannot start a worker: \(String(cString: strerror(failure)))")
    }
    return worker
  }
}
