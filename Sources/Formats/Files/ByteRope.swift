import NeuralNet
import TensorCore

/// Bytes to be written, in pieces that are made, or read from where they lie, only when they are
/// wanted: a large file need not be in memory to be written.
struct ByteRope {
  private enum Piece {
    case bytes([UInt8])
    case part(ByteSource, Range<Int>)
    case numbers(Value)
  }

  private var pieces: [Piece] = []
  /// How many bytes there are.
  private(set) var count = 0

  init() {}
  init(_ bytes: [UInt8]) { append(bytes) }
  init(_ source: ByteSource, _ range: Range<Int>) { append(source, range) }
  init(numbers value: Value) { append(numbers: value) }

  /// Adds bytes.
  mutating func append(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    count += bytes.count
    if case .bytes(var last)? = pieces.last {
      // Taken out while it grows, so that it is not copied.
      pieces.removeLast()
      last += bytes
      pieces.append(.bytes(last))
    } else {
      pieces.append(.bytes(bytes))
    }
  }

  /// Adds a part of a source, which is read when it is wanted.
  mutating func append(_ source: ByteSource, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    count += range.count
    if case .part(let same, let last)? = pieces.last, same === source,
      last.upperBound == range.lowerBound
    {
      pieces[pieces.count - 1] = .part(source, last.lowerBound..<range.upperBound)
    } else {
      pieces.append(.part(source, range))
    }
  }

  /// Adds numbers as their type has them, little-endian.
  /// - Precondition: the value is no `.opaque` one.
  mutating func append(numbers value: Value) {
    guard value.shape.count > 0 else { return }
    count += NumberFormat(kind: value.type).byteCount(of: value.shape.count) ?? 0
    pieces.append(.numbers(value))
  }

  /// Adds all of another rope.
  mutating func append(_ other: ByteRope) {
    for piece in other.pieces {
      switch piece {
      case .bytes(let bytes): append(bytes)
      case .part(let source, let range): append(source, range)
      case .numbers(let value): append(numbers: value)
      }
    }
  }

  /// Whether this is just a part of a source.
  func isPart(_ range: Range<Int>, of source: ByteSource) -> Bool {
    if range.isEmpty { return count == 0 }
    guard pieces.count == 1, case .part(let same, let own) = pieces[0] else { return false }
    return same === source && own == range
  }

  /// All bytes in their order, a piece of bounded size at a time.
  /// - Throws: `FormatError` where a source cannot be read, and what `body` throws.
  func forEachChunk(_ body: ([UInt8]) throws(FormatError) -> Void) throws(FormatError) {
    let size = 1 << 20
    for piece in pieces {
      switch piece {
      case .bytes(let bytes): try body(bytes)
      case .part(let source, let range):
        for start in stride(from: range.lowerBound, to: range.upperBound, by: size) {
          try body(try source.bytes(start..<min(range.upperBound, start + size)))
        }
      case .numbers(let value):
        let end = value.shape.count
        for start in stride(from: 0, to: end, by: size / 8) {
          try body(value.littleEndianBytes(start..<min(end, start + size / 8)))
        }
      }
    }
  }

  /// All bytes in one array.
  /// - Throws: `FormatError` where a source cannot be read.
  func bytes() throws(FormatError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    try forEachChunk { chunk in bytes += chunk }
    return bytes
  }
}

// Fields of protocol buffers.
extension ByteRope {
  /// Adds a field that holds a message.
  mutating func append(_ field: UInt64, _ message: ByteRope) {
    var head: [UInt8] = []
    head.append(varint: field << 3 | 2)
    head.append(varint: UInt64(message.count))
    append(head)
    append(message)
  }

  /// Adds a field that holds bytes or text.
  mutating func append(_ field: UInt64, _ bytes: some Collection<UInt8>) {
    append(field, ByteRope(Array(bytes)))
  }

  /// Adds a field that holds a number.
  mutating func append(_ field: UInt64, number: Int) {
    var bytes: [UInt8] = []
    bytes.append(varint: field << 3)
    bytes.append(varint: UInt64(bitPattern: Int64(number)))
    append(bytes)
  }

  /// Adds a field that holds a number of single precision.
  mutating func append(_ field: UInt64, float: Float) {
    var bytes: [UInt8] = []
    bytes.append(varint: field << 3 | 5)
    withUnsafeBytes(of: float.bitPattern.littleEndian) { bytes += $0 }
    append(bytes)
  }
}
