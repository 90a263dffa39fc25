import Glibc

/// Whole files as bytes. `-` is standard input or standard output.
public enum FileBytes {
  /// The largest file that is read: 4 GiB. Without a bound a device or a pipe could fill memory.
  public static let limit = 4 << 30

  /// Reads a file, a pipe or a device to its end.
  /// - Throws: `FormatError` where there is no such file, it is a directory or may not be read, or
  ///   it is larger than `limit` bytes.
  public static func read(_ path: String, limit: Int = limit) throws(FormatError) -> [UInt8] {
    let file = try descriptor(of: path)
    defer { close(file) }
    return try read(file, named: path, limit: limit)
  }

  /// Opens a file to be read; whoever asks closes it.
  /// - Throws: `FormatError` where there is no such file or it may not be read.
  static func descriptor(of path: String) throws(FormatError) -> CInt {
    guard !path.utf8.contains(0) else {
      throw FormatError(.missingInput, file: path, .failure("a file's name has no NUL byte"))
    }
    let file = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      throw FormatError(.missingInput, file: path, .failure("cannot open: \(systemMessage())"))
    }
    return file
  }

  /// Reads what is open to its end.
  static func read(
    _ file: CInt, named name: String, limit: Int = limit
  ) throws(FormatError) -> [UInt8] {
    var status = stat()
    guard fstat(file, &status) == 0 else {
      throw FormatError(.inputOutput, file: name, .failure("cannot read: \(systemMessage())"))
    }
    if status.isDirectory {
      throw FormatError(
        .missingInput, file: name, .mismatch(expected: "a file", found: "a directory"))
    }
    let tooLarge = FormatError(
      name, expected: "a file of at most \(grouped(limit)) bytes", found: "more")
    guard !status.isRegular || status.st_size <= limit else { throw tooLarge }
    var bytes: [UInt8] = []
    // A sparse file's size is only a word; a file in truth so large costs one copy more.
    if status.isRegular { bytes.reserveCapacity(min(Int(status.st_size), 64 << 20)) }
    let chunk = 1 << 20
    while true {
      var failure: CInt = 0
      let piece = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, count in
        var got: Int
        repeat { got = Glibc.read(file, buffer.baseAddress, chunk) } while got < 0 && errno == EINTR
        if got < 0 { failure = errno }
        count = max(0, got)
      }
      guard failure == 0 else {
        throw FormatError(
          .inputOutput, file: name, .failure("cannot read: \(systemMessage(failure))"))
      }
      if piece.isEmpty { return bytes }
      guard piece.count <= limit - bytes.count else { throw tooLarge }
      try FileMemory.reserve(2 * piece.count, in: name)
      bytes.append(contentsOf: piece)
    }
  }
}

extension stat {
  var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
  var isRegular: Bool { st_mode & S_IFMT == S_IFREG }

  /// What it is, for messages.
  var kindText: String {
    switch st_mode & S_IFMT {
    case S_IFREG: "the file"
    case S_IFDIR: "the folder"
    case S_IFLNK: "the link"
    case S_IFIFO: "the pipe"
    case S_IFSOCK: "the socket"
    default: "the device"
    }
  }
}

/// What the system says about an error number, by default the last one.
func systemMessage(_ number: CInt = errno) -> String { String(cString: strerror(number)) }
