/// A place in a file's bytes that moves forward and never past the end.
struct ByteCursor {
  let file: String
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8], named file: String) { (rest, self.file) = (bytes[...], file) }

  /// Takes the next bytes. - Throws: `FormatError` where fewer remain.
  mutating func take(_ count: Int, for part: String) throws(FormatError) -> ArraySlice<UInt8> {
    guard count <= rest.count else {
      throw FormatError(
        file, part, expected: "\(grouped(count)) bytes", found: "\(grouped(rest.count))")
    }
    let taken = rest.prefix(count)
    rest = rest.dropFirst(count)
    return taken
  }

  /// Takes an unsigned whole number. - Throws: `FormatError` where the bytes end before it does.
  mutating func integer<T: FixedWidthInteger & UnsignedInteger>(
    _: T.Type, bigEndian: Bool, for part: String
  ) throws(FormatError) -> T {
    let bytes = try take(MemoryLayout<T>.size, for: part)
    let value = bytes.withUnsafeBytes { $0.loadUnaligned(as: T.self) }
    return bigEndian ? T(bigEndian: value) : T(littleEndian: value)
  }
}
