import Formats
import Glibc

/// Several processes of this program at work on one sweep: locks keep them apart.
enum SweepWorkers {
  /// Starts one for each list of words and waits for all of them.
  /// - Parameter arguments: the words behind the program's name, of each
  /// - Returns: the signal that stopped them; nil where they came to their end.
  /// - Throws: `Failure` with the code of the first that failed, which has said why.
  static func run(_ arguments: [[String]]) throws -> Int32? {
    var workers = try arguments.map(start)
    var (failure, isTold) = (nil as Failure?, false)
    while !workers.isEmpty {
      // Ctrl-C reaches them by itself, a signal to this process does not.
      if let signal = Interruption.signal, !isTold {
        isTold = true
        for worker in workers { kill(worker, signal) }
      }
      workers.removeAll { worker in
        guard let end = ChildProcess.end(of: worker) else { return false }
        failure = failure ?? problem(end)
        return true
      }
      // Asked again and again: a signal between a question and a wait without end would be missed.
      if !workers.isEmpty { usleep(20_000) }
    }
    if let signal = Interruption.signal { return signal }
    if let failure { throw failure }
    return nil
  }

  /// What became of a worker that did not come to its end; it has said why itself, where it could.
  private static func problem(_ end: ChildProcess.End) -> Failure? {
    if let signal = end.signal {
      return Failure(.software, "a worker was ended by signal \(signal)")
    }
    guard end.code != 0 else { return nil }
    return Failure(
      Failure.Code(rawValue: end.code) ?? .software, "a worker failed with code \(end.code)")
  }

  private static func start(_ arguments: [String]) throws -> pid_t {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard length > 0 else {
      throw Failure(.software, "/proc/self/exe: \(String(cString: strerror(errno)))")
    }
    let program = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return try ChildProcess.start([program] + arguments)
  }
}
