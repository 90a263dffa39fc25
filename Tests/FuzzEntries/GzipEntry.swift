import CZlib
import Formats

extension FuzzEntry {
  /// Compressed bytes as they are; and bytes that were compressed soundly, which must come back.
  static let gzip = FuzzEntry("gzip", readers: ["Gzip"], longest: 512, share: 30) { bytes in
    let limit = 1 << 20
    if let plain = try? Gzip.inflate(bytes, named: "x.gz", limit: limit) {
      expect(plain.count <= limit, "\(plain.count) bytes")
    }
    let sound = Gzip.stored(bytes)
    let again = try? Gzip.inflate(sound, named: "x.gz", limit: limit)
    expect(again == bytes, "\(bytes.count) bytes changed")
    _ = try? InputFile(sound, named: "x.npy.gz")
  }
}

extension Gzip {
  /// Bytes inside gzip, not made smaller (RFC 1951 and 1952).
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    let sum = UInt32(truncatingIfNeeded: crc32(0, bytes, UInt32(bytes.count)))
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + storedBlock(bytes)
      + littleEndian(sum) + littleEndian(UInt32(bytes.count))
  }

  /// One block of a deflate stream, the last; at most 65,535 bytes.
  static func storedBlock(_ bytes: [UInt8]) -> [UInt8] {
    let length = UInt16(min(bytes.count, 65_535))
    return [1] + littleEndian(length) + littleEndian(~length) + bytes.prefix(65_535)
  }
}

/// The bytes of a number, the lowest first.
func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

/// The bytes of a number, the highest first.
func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: number.bigEndian) { Array($0) }
}
