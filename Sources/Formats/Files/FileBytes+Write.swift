import Glibc

extension FileBytes {
  /// Writes a file so that it is either all new or all as it was: the bytes go to a temporary file
  /// beside it, to the disk, and only then take its name. Devices and pipes, and standard output
  /// (`-`), are written as they are.
  /// - Throws: `FormatError` of kind `cannotWrite` with the system's reason.
  public static func write(_ bytes: [UInt8], to path: String) throws(FormatError) {
    try write(ByteRope(bytes), to: path)
  }

  /// Writes a file as `write(_:to:)` does, a piece at a time.
  /// - Throws: `FormatError` of kind `cannotWrite` with the system's reason; of another where a piece
  ///   cannot be read.
  static func write(_ bytes: ByteRope, to path: String) throws(FormatError) {
    switch path {
    case "-", "/dev/stdout": return try write(bytes, into: STDOUT_FILENO, named: path)
    case "/dev/stderr": return try write(bytes, into: STDERR_FILENO, named: path)
    default: break
    }
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw cannotWrite(path, "not a file's name")
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      // A link to nothing is followed by opening it; anything else that is not there is made.
      var link = stat()
      if lstat(path, &link) == 0 { return try writeInPlace(bytes, to: path) }
      return try replace(path, by: bytes, named: path, mode: nil)
    }
    if status.isDirectory {
      throw FormatError(
        .cannotWrite, file: path, .mismatch(expected: "a file", found: "a directory"))
    }
    guard status.isRegular, !path.hasPrefix("/dev/fd/") else {
      return try writeInPlace(bytes, to: path)
    }
    // The rename below would not ask whether the file itself may be written.
    guard access(path, W_OK) == 0 else { throw cannotWrite(path, systemMessage()) }
    guard let target = realpath(path, nil) else { throw cannotWrite(path, systemMessage()) }
    defer { free(target) }
    try replace(
      String(cString: target), by: bytes, named: path, mode: status.st_mode & 0o7777)
  }

  /// Whether a file that `write` would replace is there: no device and no folder.
  public static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.isRegular
  }

  /// Adds bytes at the end of a file, which is made where it is missing.
  /// - Throws: `FormatError` of kind `cannotWrite` with the system's reason.
  public static func append(_ bytes: [UInt8], to path: String) throws(FormatError) {
    if ["-", "/dev/stdout"].contains(path) {
      return try write(bytes, into: STDOUT_FILENO, named: path)
    }
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0o666)
    guard file >= 0 else { throw cannotWrite(path, systemMessage()) }
    defer { close(file) }
    try write(bytes, into: file, named: path)
  }

  /// Finds out whether `write` could write a file now: makes its temporary file and takes it away.
  /// - Throws: `FormatError` of kind `cannotWrite` with the system's reason, also where the path is
  ///   no file's.
  public static func checkWritable(_ path: String) throws(FormatError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw cannotWrite(path, "not a file's name")
    }
    var status = stat()
    var target = path
    if stat(path, &status) == 0 {
      guard status.isRegular else {
        throw FormatError(
          .cannotWrite, file: path,
          .mismatch(expected: "a file", found: status.isDirectory ? "a directory" : "a device"))
      }
      guard access(path, W_OK) == 0, let real = realpath(path, nil) else {
        throw cannotWrite(path, systemMessage())
      }
      target = String(cString: real)
      free(real)
    }
    let (file, temporary) = try makeTemporary(beside: target, named: path)
    close(file)
    unlink(temporary)
  }

  private static func replace(
    _ target: String, by bytes: ByteRope, named path: String, mode: mode_t?
  ) throws(FormatError) {
    let (file, temporary) = try makeTemporary(beside: target, named: path)
    do throws(FormatError) {
      defer { close(file) }
      if let mode { fchmod(file, mode) }
      try write(bytes, into: file, named: path)
      guard fsync(file) == 0 else { throw cannotWrite(path, systemMessage()) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, target) == 0 else {
      let reason = systemMessage()
      unlink(temporary)
      throw cannotWrite(path, reason)
    }
  }

  private static func makeTemporary(
    beside target: String, named path: String
  ) throws(FormatError) -> (file: CInt, name: String) {
    let folder = target.lastIndex(of: "/").map { target[...$0] } ?? ""
    for attempt in 0..<100 {
      let name = "\(folder).dropscope-\(getpid())-\(attempt).part"
      let file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if file >= 0 { return (file, name) }
      guard errno == EEXIST else { break }
    }
    throw cannotWrite(path, systemMessage())
  }

  private static func writeInPlace(_ bytes: ByteRope, to path: String) throws(FormatError) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0o666)
    guard file >= 0 else { throw cannotWrite(path, systemMessage()) }
    defer { close(file) }
    try write(bytes, into: file, named: path)
  }

  private static func write(
    _ bytes: ByteRope, into file: CInt, named path: String
  ) throws(FormatError) {
    try bytes.forEachChunk { chunk throws(FormatError) in
      try write(chunk, into: file, named: path)
    }
  }

  private static func write(
    _ bytes: [UInt8], into file: CInt, named path: String
  ) throws(FormatError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN {
          var ready = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
          poll(&ready, 1, -1)
          continue
        }
        throw cannotWrite(path, systemMessage())
      }
      rest = rest.dropFirst(count)
    }
  }

  private static func cannotWrite(_ path: String, _ reason: String) -> FormatError {
    FormatError(.cannotWrite, file: path, .failure("cannot write: \(reason)"))
  }
}
