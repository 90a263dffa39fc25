import Glibc

/// Bytes that are read where and when they are wanted: those of a file that stays open, or of an array.
///
/// The file is not mapped into memory: whoever cuts a mapped file while it is read kills the reader.
final class ByteSource: Sendable {
  /// The file's name, for messages.
  let name: String
  /// How many bytes there are.
  let count: Int
  private let storage: Storage
  /// When the file was last changed, in seconds and nanoseconds.
  private let changed: [Int]

  private enum Storage {
    case array([UInt8])
    case file(CInt)
  }

  /// The bytes of an array.
  init(_ bytes: [UInt8], named name: String) {
    (self.name, count, storage, changed) = (name, bytes.count, .array(bytes), [])
  }

  /// Opens a file. What has no size to rely on (a pipe, a device; `-` is standard input) is read to
  /// its end at once.
  /// - Throws: `FormatError` as `FileBytes.read` does.
  convenience init(path: String, limit: Int = FileBytes.limit) throws(FormatError) {
    let file = try FileBytes.descriptor(of: path)
    try self.init(file, named: path, limit: limit)
  }

  /// Takes an open file over, which it closes in the end.
  /// - Throws: `FormatError` as `FileBytes.read` does.
  init(_ file: CInt, named path: String, limit: Int = FileBytes.limit) throws(FormatError) {
    name = path
    var status = stat()
    guard path != "-", fstat(file, &status) == 0, status.isRegular, status.st_size <= limit else {
      defer { close(file) }
      let bytes = try FileBytes.read(file, named: path, limit: limit)
      (count, storage, changed) = (bytes.count, .array(bytes), [])
      return
    }
    (count, storage, changed) = (Int(status.st_size), .file(file), status.timeOfChange)
  }

  deinit { if case .file(let file) = storage { close(file) } }

  /// - Throws: `FormatError` where the file was written to since it was opened. One that took its name
  ///   is another file, and changes nothing here.
  func checkUnchanged() throws(FormatError) {
    guard case .file(let file) = storage else { return }
    var status = stat()
    guard fstat(file, &status) == 0, Int(status.st_size) == count, status.timeOfChange == changed
    else {
      throw FormatError(.inputOutput, file: name, .failure("changed since it was read"))
    }
  }

  /// Reads the bytes from `offset` on into all of `target`; they must lie within the source.
  /// - Throws: `FormatError` where the system cannot read, or the file was cut since it was opened.
  func read(_ target: UnsafeMutableRawBufferPointer, at offset: Int) throws(FormatError) {
    precondition(offset >= 0 && offset <= count && target.count <= count - offset)
    switch storage {
    case .array(let bytes):
      bytes.withUnsafeBytes {
        target.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + target.count]))
      }
    case .file(let file):
      var done = 0
      while done < target.count {
        let got = pread(file, target.baseAddress! + done, target.count - done, off_t(offset + done))
        if got < 0, errno == EINTR { continue }
        guard got > 0 else {
          throw FormatError(
            .inputOutput, file: name,
            .failure(got == 0 ? "cut while it was read" : "cannot read: \(systemMessage())"))
        }
        done += got
      }
    }
  }

  /// The bytes of a part, which must lie within the source.
  /// - Throws: `FormatError` as `read` does.
  func bytes(_ range: Range<Int>) throws(FormatError) -> [UInt8] {
    if case .array(let bytes) = storage { return Array(bytes[range]) }
    var failure: FormatError?
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      do throws(FormatError) {
        let target = UnsafeMutableRawBufferPointer(buffer)
        try read(.init(rebasing: target[..<range.count]), at: range.lowerBound)
        count = range.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }
}

extension stat {
  /// When the contents were last changed, in seconds and nanoseconds.
  fileprivate var timeOfChange: [Int] { [Int(st_mtim.tv_sec), Int(st_mtim.tv_nsec)] }
}
