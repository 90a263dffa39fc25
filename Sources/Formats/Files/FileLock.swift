import Glibc
import Synchronization

/// The right to write a file, which one process has at a time: a lock (fcntl) on a hidden file beside
/// it, `.net.onnx.lock` for `net.onnx`. It ends with the process however that ends; a lock file left
/// behind by one that was killed is taken over, and what it left half written removed.
///
/// A file system without locks gives the right to everyone.
package final class FileLock: Sendable {
  private let file: String

  /// The lock files of this process, how often they are held, and what they are open as. One process
  /// gets a lock again whenever it asks, and loses it when it closes the file for the first time.
  private static let held = Mutex<[String: Holding]>([:])

  private struct Holding {
    var count: Int
    var descriptor: CInt
  }

  /// Takes the right to write what a path leads to; nil where that is no file but a device or a stream.
  /// - Parameter patience: how long to wait for another process to be done with it
  /// - Throws: `FormatError` of kind `cannotWrite`, which names the process that has it.
  package convenience init?(_ path: String, patience: Duration = .zero) throws(FormatError) {
    guard case .file(let target, _) = try WriteTarget(path) else { return nil }
    try self.init(target, named: path, patience: patience)
  }

  /// - Parameters:
  ///   - target: the file's path with all links followed
  ///   - path: what it is called in messages
  init(_ target: String, named path: String, patience: Duration) throws(FormatError) {
    file = WriteTarget.hidden("lock", beside: target)
    let end = ContinuousClock.now + patience
    let error = FileLock.held.withLock { [file] held -> FormatError? in
      if held[file] != nil {
        held[file]!.count += 1
        return nil
      }
      do throws(FormatError) {
        held[file] = Holding(
          count: 1, descriptor: try FileLock.take(file, named: path, until: end))
        return nil
      } catch {
        return error
      }
    }
    if let error { throw error }
    // Whoever had it before and did not end by itself.
    if patience == .zero { unlink(WriteTarget.hidden("part", beside: target)) }
  }

  deinit {
    FileLock.held.withLock { held in
      guard var holding = held[file] else { return }
      holding.count -= 1
      held[file] = holding.count > 0 ? holding : nil
      if holding.count == 0 {
        // While it is still locked: who opened it meanwhile sees that it is gone, and makes another.
        unlink(file)
        close(holding.descriptor)
      }
    }
  }

  /// Whether another process has the right to write what a path leads to, as far as a moment can tell.
  package static func isHeld(_ path: String) -> Bool {
    guard case .file(let target, _)? = try? WriteTarget(path) else { return false }
    let descriptor = open(
      WriteTarget.hidden("lock", beside: target), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var holder = flock()
    (holder.l_type, holder.l_whence) = (Int16(F_WRLCK), Int16(SEEK_SET))
    return fcntl(descriptor, F_GETLK, &holder) == 0 && holder.l_type != Int16(F_UNLCK)
  }

  /// Opens a lock file and locks it.
  private static func take(
    _ file: String, named path: String, until end: ContinuousClock.Instant
  ) throws(FormatError) -> CInt {
    while true {
      let descriptor = open(
        file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
      guard descriptor >= 0 else { throw FileBytes.cannotWrite(path, systemMessage()) }
      var wish = flock()
      (wish.l_type, wish.l_whence) = (Int16(F_WRLCK), Int16(SEEK_SET))
      if fcntl(descriptor, F_SETLK, &wish) == 0 {
        var (own, there) = (stat(), stat())
        if fstat(descriptor, &own) == 0, lstat(file, &there) == 0, own.st_ino == there.st_ino,
          own.st_dev == there.st_dev
        {
          return descriptor
        }
        // Its holder removed it between the two calls.
        close(descriptor)
        continue
      }
      guard errno == EAGAIN || errno == EACCES else { return descriptor }
      var holder = flock()
      (holder.l_type, holder.l_whence) = (Int16(F_WRLCK), Int16(SEEK_SET))
      let isKnown = fcntl(descriptor, F_GETLK, &holder) == 0 && holder.l_type != Int16(F_UNLCK)
      close(descriptor)
      if isKnown, ContinuousClock.now >= end {
        let who = holder.l_pid > 0 ? "process \(holder.l_pid)" : "another process"
        throw FileBytes.cannotWrite(path, "\(who) is writing it")
      }
      usleep(5000)
    }
  }
}
