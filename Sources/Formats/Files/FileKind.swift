/// What a file is, by its first bytes; its name is not asked.
public enum FileKind: CustomStringConvertible, CaseIterable, Sendable {
  case empty
  case png, jpeg, npy, idx, gzip
  /// UTF-8 without control characters: rows of numbers, perhaps.
  case text
  // Known, so that an error can name them; not read.
  case gif, bmp, tiff, webp, heif, pdf, zip, hdf5, pickle
  case unknown

  /// How many bytes are looked at, at most.
  static let sniffed = 4096

  /// Looks at the bytes.
  public init(sniffing bytes: [UInt8]) {
    func begins(_ magic: UInt8...) -> Bool { bytes.starts(with: magic) }
    func at(_ offset: Int, _ text: String) -> Bool {
      bytes.dropFirst(offset).starts(with: text.utf8)
    }
    self =
      if bytes.isEmpty {
        .empty
      } else if begins(0x89) && at(1, "PNG\r\n\u{1A}\n") {
        .png
      } else if begins(0xFF, 0xD8, 0xFF) {
        .jpeg
      } else if NPY.isNPY(bytes) {
        .npy
      } else if Gzip.isGzip(bytes) {
        .gzip
      } else if IDX.isIDX(bytes) {
        .idx
      } else if at(0, "GIF8") {
        .gif
      } else if at(0, "BM") && bytes.dropFirst(6).starts(with: [0, 0, 0, 0]) {
        .bmp
      } else if begins(0x49, 0x49, 0x2A, 0x00) || begins(0x4D, 0x4D, 0x00, 0x2A) {
        .tiff
      } else if at(0, "RIFF") && at(8, "WEBP") {
        .webp
      } else if at(4, "ftyp") {
        .heif
      } else if at(0, "%PDF-") {
        .pdf
      } else if begins(0x50, 0x4B, 0x03, 0x04) {
        .zip
      } else if begins(0x89) && at(1, "HDF\r\n") {
        .hdf5
      } else if begins(0x80, 0x02) || begins(0x80, 0x04) || begins(0x80, 0x05) {
        .pickle
      } else {
        Self.isText(bytes.prefix(Self.sniffed)) ? .text : .unknown
      }
  }

  /// With its article, as an error says it.
  public var description: String {
    switch self {
    case .empty: "an empty file"
    case .png: "a PNG image"
    case .jpeg: "a JPEG image"
    case .npy: "an NPY array"
    case .idx: "an IDX file"
    case .gzip: "a gzip file"
    case .text: "text"
    case .gif: "a GIF image"
    case .bmp: "a BMP image"
    case .tiff: "a TIFF image"
    case .webp: "a WebP image"
    case .heif: "a HEIF or AVIF image"
    case .pdf: "a PDF document"
    case .zip: "a ZIP archive (NPZ, PyTorch and Office files are such)"
    case .hdf5: "an HDF5 file"
    case .pickle: "a Python pickle"
    case .unknown: "bytes of no known kind"
    }
  }

  private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
    // The prefix may end inside a character; a byte order mark of UTF-16 is no UTF-8 at all.
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return true }
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }) else {
      return false
    }
    let text = String(decoding: bytes, as: UTF8.self).unicodeScalars
    return !text.dropLast(3).contains("\u{FFFD}")
  }
}
