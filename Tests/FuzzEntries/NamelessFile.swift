import Glibc

/// A file without a name, for readers that take a path.
enum NamelessFile {
  /// What `body` makes of the path of a file with these bytes.
  static func with<R>(_ bytes: [UInt8], _ body: (String) throws -> R) rethrows -> R {
    // In memory where the system has a place for that.
    let folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var name = Array("\(folder)/dropscope-XXXXXX".utf8CString)
    let file = mkstemp(&name)
    guard file >= 0 else { fatalError("no file to write: \(errno)") }
    unlink(name)
    defer { close(file) }
    guard write(file, bytes, bytes.count) == bytes.count else { fatalError("\(errno)") }
    return try body("/proc/self/fd/\(file)")
  }
}
