import CZlib
import Formats
import TensorCore

extension FuzzEntry {
  /// PNG files as they are and with their checksums mended; bytes that are none become the pixels of
  /// one that is sound outside and anything inside.
  static let png = FuzzEntry("png", readers: ["PNG", "PNGChunks"], longest: 2048, share: 80) {
    bytes in
    let isFile = FileKind(sniffing: bytes) == .png
    for file in isFile ? [bytes, PNGFile.mended(bytes)] : [PNGFile.made(bytes)] {
      guard let picture = try? PNG.picture(from: file, named: "x.png") else { continue }
      use(picture)
    }
  }

  /// What the program does with a picture, if it is not a large one.
  static func use(_ picture: Picture) {
    let area = picture.width * picture.height
    guard area <= 1 << 16 else { return }
    expect(picture.tensor.count == area * picture.channels, "\(picture.width)×\(picture.height)")
    _ = try? picture.fitted(channels: 1, height: 7, width: 9)
    _ = try? picture.fitted(channels: 3, height: 1, width: 28)
  }
}

/// PNG files whose sums are right.
private enum PNGFile {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The file with the checksum of every chunk that is whole set right.
  static func mended(_ bytes: [UInt8]) -> [UInt8] {
    var file = bytes
    var at = signature.count
    while at + 12 <= file.count {
      let length = file[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= file.count - at - 12 else { break }
      let end = at + 8 + length
      file.replaceSubrange(end..<end + 4, with: bigEndian(sum(Array(file[at + 4..<end]))))
      at = end + 4
    }
    return file
  }

  /// A file whose header, palette, transparency, Exif and filtered rows come from the bytes.
  static func made(_ bytes: [UInt8]) -> [UInt8] {
    var choices = ByteChoices(bytes)
    var header = bigEndian(UInt32(choices.below(40))) + bigEndian(UInt32(choices.below(40)))
    header += [choices.of([1, 2, 4, 8, 16, 8, 8, 3]), choices.of([0, 2, 3, 4, 6, 0, 2, 5])]
    header += [0, 0, choices.of([0, 0, 0, 1, 2])]
    var file = signature + chunk("IHDR", header)
    if choices.flag() { file += chunk("PLTE", choices.bytes(choices.below(256))) }
    if choices.flag() { file += chunk("tRNS", choices.bytes(choices.below(40))) }
    if choices.flag() { file += chunk("eXIf", choices.bytes(choices.below(60))) }
    let rows = choices.bytes(4096)
    let sum = UInt32(truncatingIfNeeded: adler32(1, rows, UInt32(rows.count)))
    file += chunk("IDAT", [0x78, 1] + Gzip.storedBlock(rows) + bigEndian(sum))
    return file + chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let named = Array(type.utf8) + content
    return bigEndian(UInt32(content.count)) + named + bigEndian(sum(named))
  }

  private static func sum(_ bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: crc32(0, bytes, UInt32(bytes.count)))
  }
}
