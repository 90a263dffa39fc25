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
  ///   cannot be read, and of kind `inputOutput` where a standard stream cannot be written.
  static func write(_ bytes: ByteRope, to path: String) throws(FormatError) {
    switch try WriteTarget(path) {
    case .stream(let stream, let name):
      do {
        try write(bytes, into: stream, named: name)
      } catch {
        throw streamError(error)
      }
    case .inPlace: try writeInPlace(bytes, to: path)
    case .file(let target, let mode):
      let lock = try FileLock(target, named: path, patience: patience)
      defer { withExtendedLifetime(lock) {} }
      try replace(target, by: bytes, named: path, mode: mode)
    }
  }

  /// How long the writing of a file waits for another process that writes it.
  private static let patience = Duration.seconds(1)

  /// A standard stream was there before the program: failing to write it is a failure of input and
  /// output, not of making a file.
  static func streamError(_ error: FormatError) -> FormatError {
    var error = error
    if error.kind == .cannotWrite { error.kind = .inputOutput }
    return error
  }

  /// Closes standard output: some systems tell only then what could not be written.
  /// - Throws: `FormatError` of kind `inputOutput` with the system's reason.
  package static func closeStandardOutput() throws(FormatError) {
    guard close(STDOUT_FILENO) != 0, errno != EBADF, errno != EINTR else { return }
    throw streamError(cannotWrite("standard output", systemMessage()))
  }

  /// Whether a file that `write` would replace is there: no device and no folder.
  public static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.isRegular
  }

  /// Adds bytes at the end of a file, which is made where it is missing: all of them, or none.
  /// - Throws: `FormatError` of kind `cannotWrite` with the system's reason.
  public static func append(_ bytes: [UInt8], to path: String) throws(FormatError) {
    if case .stream = try WriteTarget(path) { return try write(bytes, to: path) }
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0o666)
    guard file >= 0 else { throw cannotWrite(path, systemMessage()) }
    defer { close(file) }
    var before = stat()
    let isRegular = fstat(file, &before) == 0 && before.isRegular
    do {
      try write(bytes, into: file, named: path)
    } catch {
      if isRegular { ftruncate(file, before.st_size) }
      throw error
    }
  }

  /// Finds out whether `write` could write a file now: makes its temporary file and takes it away.
  /// - Throws: `FormatError` of kind `cannotWrite` with the system's reason, also where the path is
  ///   no file's.
  public static func checkWritable(_ path: String) throws(FormatError) {
    guard case .file(let target, _) = try WriteTarget(path) else {
      throw FormatError(.cannotWrite, file: path, .mismatch(expected: "a file", found: "a device"))
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
    try syncFolder(of: target, named: path)
  }

  /// Has the disk keep the names of a folder: without that a loss of power may undo a renaming.
  private static func syncFolder(of target: String, named path: String) throws(FormatError) {
    let folder = WriteTarget.folder(of: target)
    let file = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard file >= 0 else {
      // A folder that may be written but not read cannot be asked to.
      if errno == EACCES { return }
      throw cannotWrite(path, "the folder cannot be synced: \(systemMessage())")
    }
    defer { close(file) }
    guard fsync(file) != 0, ![EINVAL, ENOTSUP, ENOSYS, EROFS].contains(errno) else { return }
    throw cannotWrite(path, "the folder cannot be synced: \(systemMessage())")
  }

  /// Makes the file that will take another's name; the caller has the lock, so that one there already
  /// is nobody's.
  private static func makeTemporary(
    beside target: String, named path: String
  ) throws(FormatError) -> (file: CInt, name: String) {
    let name = WriteTarget.hidden("part", beside: target)
    for _ in 0..<3 {
      let file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if file >= 0 { return (file, name) }
      guard errno == EEXIST, unlink(name) == 0 else { break }
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
    // Many pieces are a few bytes; a call of the system for each would take longer than they do.
    var pending: [UInt8] = []
    try bytes.forEachChunk { chunk throws(FormatError) in
      pending += chunk
      guard pending.count >= 1 << 18 else { return }
      try write(pending, into: file, named: path)
      pending.removeAll(keepingCapacity: true)
    }
    try write(pending, into: file, named: path)
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

  static func cannotWrite(_ path: String, _ reason: String) -> FormatError {
    FormatError(.cannotWrite, file: path, .failure("cannot write: \(reason)"))
  }
}
