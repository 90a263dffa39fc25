import CZlib

/// Gzip files (RFC 1952), read through zlib.
public enum Gzip {
  /// Whether the bytes begin as a gzip file does.
  public static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// The content of a gzip file, its members joined. Memory grows with what really comes out; the
  /// size a trailer claims is never believed.
  /// - Throws: `FormatError` where the stream is corrupt or cut, or gives more than `limit` bytes.
  public static func inflate(
    _ bytes: [UInt8], named name: String, limit: Int = FileBytes.limit
  ) throws(FormatError) -> [UInt8] {
    let inflater = try Inflater(name: name, part: "gzip", window: 15 + 16)
    return try inflater.inflate(bytes, limit: limit)
  }

  /// What deflated bytes without gzip's header hold, as in a ZIP archive.
  /// - Throws: `FormatError` where the stream is corrupt or cut, or gives more than the limit.
  static func inflate(
    _ bytes: [UInt8], named name: String, part: String
  ) throws(FormatError) -> [UInt8] {
    let inflater = try Inflater(name: name, part: part, window: -15)
    return try inflater.inflate(bytes, limit: FileBytes.limit)
  }
}

/// A zlib stream and its release. A class, because zlib keeps a pointer to the stream itself.
private final class Inflater {
  private let name: String
  private let part: String
  private let stream: UnsafeMutablePointer<z_stream>

  /// - Parameter window: bits of zlib's window: plus 16, and a gzip header and trailer are required; below 0,
  ///   there are neither
  init(name: String, part: String, window: CInt) throws(FormatError) {
    (self.name, self.part) = (name, part)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let code = inflateInit2_(stream, window, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
    guard code == Z_OK else {
      throw FormatError(file: name, part: part, .failure("zlib \(code)"))
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func inflate(_ bytes: [UInt8], limit: Int) throws(FormatError) -> [UInt8] {
    var output: [UInt8] = []
    var offset = 0
    while true {
      let (piece, used, code) = step(bytes, from: offset)
      offset += used
      guard piece.count <= limit - output.count else {
        throw FormatError(
          name, part, expected: "at most \(grouped(limit)) bytes inside", found: "more")
      }
      try FileMemory.reserve(2 * piece.count, in: name, part)
      output.append(contentsOf: piece)
      switch code {
      case Z_OK: continue
      case Z_STREAM_END:
        // Another member may follow; so may zero bytes that fill a tape's block.
        let rest = bytes[offset...]
        if rest.allSatisfy({ $0 == 0 }) { return output }
        guard rest.starts(with: [0x1F, 0x8B]) else {
          throw FormatError(
            name, part, expected: "the end of the file after the compressed data",
            found: "\(grouped(rest.count)) more bytes")
        }
        inflateReset(stream)
      case Z_BUF_ERROR where offset == bytes.count:
        throw FormatError(
          name, part, expected: "more compressed data",
          found: "the end of the file at byte \(grouped(offset))")
      default:
        let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib \(code)"
        throw FormatError(
          file: name, part: part, .failure("corrupt near byte \(offset): \(reason)"))
      }
    }
  }

  /// Inflates into one fresh piece of output. zlib counts in 32 bits, so input is handed over in
  /// pieces as well.
  private func step(_ bytes: [UInt8], from offset: Int) -> (piece: [UInt8], used: Int, code: CInt) {
    let capacity = 1 << 18
    let available = min(bytes.count - offset, 1 << 24)
    var code = Z_OK
    var used = 0
    let piece = [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      bytes.withUnsafeBufferPointer { input in
        stream.pointee.next_in = input.baseAddress.map {
          UnsafeMutablePointer(mutating: $0 + offset)
        }
        stream.pointee.avail_in = UInt32(available)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(capacity)
        code = CZlib.inflate(stream, Z_NO_FLUSH)
        used = available - Int(stream.pointee.avail_in)
        count = capacity - Int(stream.pointee.avail_out)
      }
    }
    return (piece, used, code)
  }
}

extension FileKind {
  /// Inside gzip: what is read unpacks one layer.
  static let gzip = FileKind("a gzip file", endings: ["gz"], matches: Gzip.isGzip)
}
