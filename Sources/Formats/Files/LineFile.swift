import Glibc

/// A file that grows line by line. Each line is handed to the system at once and whole, so that a
/// program that is killed loses at most the line it was about to write.
public final class LineFile {
  private let file: CInt
  private let path: String
  private let isRegular: Bool
  private let lock: FileLock?
  private var length: off_t = 0

  /// Makes a file, or empties the one there is. `-` is standard output.
  /// - Throws: `FormatError` of kind `cannotWrite` with the system's reason, or that another process
  ///   writes it: then the file stays as it is.
  public init(_ path: String) throws(FormatError) {
    self.path = path
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw FormatError(
        .cannotWrite, file: path, .failure("cannot write: not a file's name"))
    }
    file =
      path == "-"
      ? dup(STDOUT_FILENO) : open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o666)
    guard file >= 0 else { throw LineFile.cannotWrite(path) }
    var status = stat()
    isRegular = fstat(file, &status) == 0 && status.isRegular && path != "-"
    do throws(FormatError) {
      lock = isRegular ? try FileLock(path) : nil
      if isRegular, ftruncate(file, 0) != 0 { throw LineFile.cannotWrite(path) }
    } catch {
      close(file)
      throw error
    }
    // A pipe whose reader went away is to be an error like any other.
    if !isRegular { signal(SIGPIPE, SIG_IGN) }
  }

  deinit { close(file) }

  /// Writes a line and its end. Where only a part of it fits on the disk none of it stays.
  /// - Throws: `FormatError` of kind `cannotWrite` with the system's reason.
  public func append(_ line: String) throws(FormatError) {
    let bytes = Array((line + "\n").utf8)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let error = LineFile.cannotWrite(path)
        if isRegular { _ = ftruncate(file, length) }
        throw error
      }
      rest = rest.dropFirst(count)
    }
    length += off_t(bytes.count)
  }

  private static func cannotWrite(_ path: String) -> FormatError {
    guard path == "-" else { return FileBytes.cannotWrite(path, systemMessage()) }
    return FileBytes.streamError(FileBytes.cannotWrite("standard output", systemMessage()))
  }
}
