import CZlib

/// The chunks of a PNG file (RFC 2083, 3): length, type, content, checksum. libpng checks the sums of
/// those it gets.
struct PNGChunks {
  /// What IHDR says.
  struct Header: Equatable {
    var width: Int
    var height: Int
    /// Bits of a pixel, all its samples together.
    var bitsPerPixel: Int
  }

  let header: Header
  /// The file without the chunks that do not change samples: colour profiles and gamma, which would
  /// have libpng convert them, and texts. Pixels are taken as they stand, as image libraries do.
  let essential: [UInt8]
  /// The orientation, 1 (upright) to 8, that a chunk eXIf says (PNG 3, 11.3.4.3); 1 where it says none,
  /// nothing sensible, or its sum is wrong.
  private(set) var orientation = 1

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let kept: Set<String> = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]

  /// Cuts a file into chunks. - Throws: `FormatError` where one goes on after the file's end, IHDR
  /// is not the first or makes no sense, or the compressed data cannot hold the pixels it says.
  init(_ bytes: [UInt8], named file: String) throws(FormatError) {
    var cursor = ByteCursor(bytes, named: file)
    guard try cursor.take(8, for: "signature").elementsEqual(Self.signature) else {
      throw FormatError(
        file, expected: "a PNG image", found: "\(FileKind(sniffing: bytes))")
    }
    var header: Header?
    var essential = Self.signature
    var compressed = 0
    var type = ""
    while type != "IEND" {
      guard !cursor.rest.isEmpty else {
        throw FormatError(
          file, expected: "a chunk IEND at the end", found: "none after \(quoted(type.utf8))")
      }
      let start = cursor.rest.startIndex
      let length = Int(try cursor.integer(UInt32.self, bigEndian: true, for: "chunk length"))
      let name = try cursor.take(4, for: "chunk type")
      type = String(decoding: name, as: UTF8.self)
      guard length + 4 <= cursor.rest.count else {
        throw FormatError(
          file: file, part: "chunk \(type)",
          .size(declared: "", bytes: length, remaining: max(0, cursor.rest.count - 4)))
      }
      let content = try cursor.take(length, for: type)
      let sum = try cursor.integer(UInt32.self, bigEndian: true, for: "checksum of \(type)")
      if header == nil {
        guard type == "IHDR", length == 13 else {
          throw FormatError(
            file, "first chunk", expected: "IHDR of 13 bytes", found: "\(type) of \(length)")
        }
        header = try Header(content, in: file)
      }
      if type == "eXIf", PNGChunks.sum(name + content) == sum {
        orientation = Exif.orientation(ofTIFF: Array(content)) ?? 1
      }
      if type == "IDAT" { compressed += length }
      if Self.kept.contains(type) { essential += bytes[start..<cursor.rest.startIndex] }
    }
    guard let header else { throw FormatError(file, expected: "a chunk IHDR", found: "none") }
    try header.check(compressed: compressed, in: file)
    (self.header, self.essential) = (header, essential)
  }

  private static func sum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    UInt32(
      truncatingIfNeeded: bytes.withUnsafeBufferPointer {
        crc32_z(0, $0.baseAddress, $0.count)
      })
  }
}

extension PNGChunks.Header {
  fileprivate init(_ content: ArraySlice<UInt8>, in file: String) throws(FormatError) {
    var cursor = ByteCursor(Array(content), named: file)
    width = Int(try cursor.integer(UInt32.self, bigEndian: true, for: "width"))
    height = Int(try cursor.integer(UInt32.self, bigEndian: true, for: "height"))
    let depth = Int(try cursor.integer(UInt8.self, bigEndian: true, for: "bit depth"))
    let colour = Int(try cursor.integer(UInt8.self, bigEndian: true, for: "colour type"))
    let samples = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4]
    guard let perPixel = samples[colour], [1, 2, 4, 8, 16].contains(depth) else {
      throw FormatError(
        file, "IHDR", expected: "a colour type and bit depth of PNG",
        found: "type \(colour), depth \(depth)")
    }
    bitsPerPixel = depth * perPixel
  }

  /// A deflate stream grows at most 1,032-fold (zlib's technical details), so few bytes cannot
  /// be many pixels: memory is not asked for on the header's word.
  fileprivate func check(compressed: Int, in file: String) throws(FormatError) {
    if let error = Picture.sizeError(width, height, in: file) { throw error }
    let bytes = (width * bitsPerPixel + 7) / 8 * height
    guard bytes <= compressed * 1032 else {
      throw FormatError(
        file, "IHDR", expected: "a size that \(grouped(compressed)) compressed bytes can fill",
        found: "\(width)×\(height)")
    }
  }
}
