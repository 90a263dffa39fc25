import CZlib

/// Files in a ZIP archive, stored or deflated (PKWARE's APPNOTE.TXT 6.3), of at most 4 GB each.
struct Zip {
  /// A file in it, by the archive's directory.
  struct Entry {
    let name: String
    let method, crc, packed, size, offset: Int
  }

  private let bytes: [UInt8]
  private let archive: String
  /// The files, in the order of the directory.
  let entries: [Entry]

  /// Reads the directory.
  /// - Throws: `FormatError` where it is damaged.
  init(_ bytes: [UInt8], named archive: String) throws(FormatError) {
    (self.bytes, self.archive) = (bytes, archive)
    guard let end = Zip.end(of: bytes) else {
      throw FormatError(archive, "directory", expected: "the end of a ZIP archive", found: "none")
    }
    var entries: [Entry] = []
    var at = Zip.number(bytes, end + 16, 4)
    for _ in 0..<Zip.number(bytes, end + 10, 2) {
      guard at + 46 <= bytes.count, bytes[at..<at + 4].elementsEqual([0x50, 0x4B, 1, 2]) else {
        throw FormatError(
          archive, "directory", expected: "a file at byte \(at)", found: "other bytes")
      }
      let name = Zip.number(bytes, at + 28, 2)
      guard at + 46 + name <= bytes.count else {
        throw FormatError(
          archive, "directory", expected: "a name of \(name) bytes", found: "the end of the file")
      }
      entries.append(
        Entry(
          name: String(decoding: bytes[at + 46..<at + 46 + name], as: UTF8.self),
          method: Zip.number(bytes, at + 10, 2), crc: Zip.number(bytes, at + 16, 4),
          packed: Zip.number(bytes, at + 20, 4), size: Zip.number(bytes, at + 24, 4),
          offset: Zip.number(bytes, at + 42, 4)))
      at += 46 + name + Zip.number(bytes, at + 30, 2) + Zip.number(bytes, at + 32, 2)
    }
    self.entries = entries
  }

  /// Where the record stands that ends the directory: a comment of up to 65,535 bytes may follow.
  private static func end(of bytes: [UInt8]) -> Int? {
    let last = bytes.count - 22
    guard last >= 0 else { return nil }
    return (max(0, last - 65_535)...last).reversed().first {
      bytes[$0..<$0 + 4].elementsEqual([0x50, 0x4B, 5, 6])
    }
  }

  /// A number of a few bytes, little-endian; 0 beyond the end.
  private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
    guard offset >= 0, offset + count <= bytes.count else { return 0 }
    return (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }

  /// What a file holds.
  /// - Throws: `FormatError` where it is damaged, or packed in another way.
  func content(of entry: Entry) throws(FormatError) -> [UInt8] {
    let header = entry.offset + 30
    let start =
      header + Zip.number(bytes, entry.offset + 26, 2) + Zip.number(bytes, entry.offset + 28, 2)
    guard header <= bytes.count, start <= bytes.count, entry.packed <= bytes.count - start else {
      throw FormatError(
        archive, entry.name, expected: "\(entry.packed) bytes", found: "the end of the file")
    }
    let packed = Array(bytes[start..<start + entry.packed])
    let content: [UInt8]
    switch entry.method {
    case 0: content = packed
    case 8: content = try Gzip.inflate(packed, named: archive, part: entry.name)
    default:
      throw FormatError(
        archive, entry.name, expected: "a file stored or deflated",
        found: "method \(entry.method)")
    }
    let crc = content.withUnsafeBufferPointer { Int(crc32_z(0, $0.baseAddress, $0.count)) }
    guard content.count == entry.size, crc == entry.crc else {
      throw FormatError(
        archive, entry.name, expected: "\(entry.size) bytes of its checksum",
        found: "\(content.count) others")
    }
    return content
  }
}
