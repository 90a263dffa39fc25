/// Reads the fields of protocol buffers where they lie, without their contents.
struct WireReader {
  /// One field of a message: what it is and where.
  struct Field: Sendable {
    /// The field's number in the message.
    let number: UInt64
    /// How its content is written: 0 a number, 1 eight bytes, 2 a block, 5 four bytes.
    let wireType: UInt64
    /// The whole field, key and length included.
    let whole: Range<Int>
    /// Its content: for a block what the length counts.
    let content: Range<Int>

    /// Whether it is a block (text, bytes, a message, a packed list) of this number.
    func isBlock(_ number: UInt64) -> Bool { wireType == 2 && self.number == number }
  }

  /// What is read.
  let source: ByteSource
  private var window: [UInt8] = []
  private var start = 0

  init(_ source: ByteSource) { self.source = source }

  /// The fields of the message that lies in a range; nil where it is none.
  /// - Throws: `FormatError` where the system cannot read.
  mutating func fields(_ range: Range<Int>) throws(FormatError) -> [Field]? {
    var fields: [Field] = []
    var at = range.lowerBound
    while at < range.upperBound {
      guard let field = try next(&at, range.upperBound) else { return nil }
      fields.append(field)
    }
    return fields
  }

  /// Moves past the next field of a message that goes on to `end`; nil where there is none that ends
  /// before the message does, or a group.
  /// - Throws: `FormatError` where the system cannot read.
  mutating func next(_ at: inout Int, _ end: Int) throws(FormatError) -> Field? {
    let key = at
    guard let tag = try varint(&at, end), (8...UInt64(UInt32.max)).contains(tag) else { return nil }
    var start = at
    let count: Int
    switch tag & 7 {
    case 0:
      guard try varint(&at, end) != nil else { return nil }
      return Field(number: tag >> 3, wireType: 0, whole: key..<at, content: start..<at)
    case 1: count = 8
    case 5: count = 4
    case 2:
      guard let length = try varint(&at, end), length <= UInt64(end - at) else { return nil }
      (start, count) = (at, Int(length))
    default: return nil
    }
    guard count <= end - at else { return nil }
    at += count
    return Field(number: tag >> 3, wireType: tag & 7, whole: key..<at, content: start..<at)
  }

  /// The number of a field whose content is one.
  mutating func number(_ field: Field) throws(FormatError) -> UInt64? {
    var at = field.content.lowerBound
    return field.wireType == 0 ? try varint(&at, field.content.upperBound) : nil
  }

  /// The text of a block.
  func text(_ field: Field) throws(FormatError) -> String {
    String(decoding: try source.bytes(field.content), as: UTF8.self)
  }

  /// The text of a message's block of this number, the last one where there are several; empty where
  /// there is none.
  mutating func text(_ number: UInt64, in range: Range<Int>) throws(FormatError) -> String {
    var (at, last) = (range.lowerBound, nil as Field?)
    while at < range.upperBound, let field = try next(&at, range.upperBound) {
      if field.isBlock(number) { last = field }
    }
    return try last.map { field throws(FormatError) in try text(field) } ?? ""
  }

  /// Seven bits a byte, the lowest first; nil where it goes on after the message or has more than 64.
  mutating func varint(_ at: inout Int, _ end: Int) throws(FormatError) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard at < end else { return nil }
      let byte = try byte(at: at)
      at += 1
      guard shift < 63 || byte < 2 else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  /// A byte of the source, which must be there; a few thousand are at hand at a time.
  private mutating func byte(at offset: Int) throws(FormatError) -> UInt8 {
    if offset < start || offset >= start + window.count {
      window = try source.bytes(offset..<min(source.count, offset + 1 << 12))
      start = offset
    }
    return window[offset - start]
  }
}

extension [UInt8] {
  /// Adds a number of seven bits a byte, the lowest first.
  mutating func append(varint value: UInt64) {
    var value = value
    while value >= 0x80 {
      append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    append(UInt8(value))
  }
}
