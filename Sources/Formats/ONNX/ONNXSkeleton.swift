/// A model's wire format without the numbers of its tensors, so that swift-protobuf does not copy
/// what is nearly all of a large file: in place of each `raw_data` stands the number of its payload. A
/// long list of packed floats, which are the same bytes, stands there as a `raw_data` too.
struct ONNXSkeleton {
  /// A ModelProto.
  private(set) var bytes: [UInt8] = []
  /// Where in the file each `raw_data` lies.
  private(set) var payloads: [Range<Int>] = []
  private var window: ByteWindow

  /// nil where this is not the wire format: what is wrong with it swift-protobuf can say.
  /// - Throws: `FormatError` where the system cannot read.
  init?(_ source: ByteSource) throws(FormatError) {
    window = ByteWindow(source)
    guard try add(0..<source.count, of: .model) else { return nil }
  }

  /// The part of the file that stands behind the contents of a `raw_data`; nil where they are no
  /// number of a payload.
  func payload(_ rawData: some Collection<UInt8>) -> Range<Int>? {
    let index = rawData.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard rawData.count == ONNXSkeleton.numberSize, index < payloads.count else { return nil }
    return payloads[Int(index)]
  }

  private static let numberSize = 8
  /// Bytes kept for a length that is not known yet: enough for 2³⁵, padded with zero bits.
  private static let lengthSize = 5

  /// The messages on the way to a tensor.
  private enum Message {
    case model, graph, node, attribute, tensor

    /// The message in one of its fields; nil where no tensor lies in it that is read.
    func message(in field: UInt64) -> Message? {
      switch (self, field) {
      case (.model, 7): .graph
      case (.graph, 1): .node
      case (.graph, 5): .tensor
      case (.node, 5): .attribute
      case (.attribute, 5): .tensor
      default: nil
      }
    }
  }

  /// Adds the fields of a message; false where they are not such.
  private mutating func add(_ range: Range<Int>, of message: Message) throws(FormatError) -> Bool {
    var at = range.lowerBound
    let liftsFloats = message == .tensor ? try holdsPackedFloats(range) : false
    // What is copied as it stands, once it is known how far that goes.
    var start = at
    while at < range.upperBound {
      let key = at
      guard let tag = try varint(&at, range.upperBound), (8...UInt64(UInt32.max)).contains(tag),
        let content = try content(of: tag & 7, &at, range.upperBound)
      else { return false }
      let (field, isBlock) = (tag >> 3, tag & 7 == 2)
      if isBlock, let inner = message.message(in: field) {
        try copy(start..<key)
        append(varint: tag)
        let length = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: ONNXSkeleton.lengthSize))
        guard try add(content, of: inner) else { return false }
        setLength(at: length)
        start = at
      } else if isBlock, message == .tensor, field == 9 || (field == 4 && liftsFloats) {
        try copy(start..<key)
        append(varint: 9 << 3 | 2)
        append(varint: UInt64(ONNXSkeleton.numberSize))
        withUnsafeBytes(of: UInt64(payloads.count).littleEndian) {
          bytes.append(contentsOf: $0)
        }
        payloads.append(content)
        start = at
      }
    }
    try copy(start..<range.upperBound)
    return true
  }

  /// The least bytes of a list that is worth setting apart.
  private static let longList = 1 << 20

  /// Whether a tensor is of float32 and all its numbers are one long block of packed floats.
  private mutating func holdsPackedFloats(_ range: Range<Int>) throws(FormatError) -> Bool {
    var (at, lists, isFloat) = (range.lowerBound, 0, false)
    while at < range.upperBound {
      guard let tag = try varint(&at, range.upperBound),
        let content = try content(of: tag & 7, &at, range.upperBound)
      else { return false }
      switch tag >> 3 {
      case 2:
        var place = content.lowerBound
        isFloat = try varint(&place, content.upperBound) == 1
      case 4:
        lists += 1
        guard tag & 7 == 2, content.count >= ONNXSkeleton.longList, content.count % 4 == 0 else {
          return false
        }
      case 9: return false
      default: break
      }
    }
    return lists == 1 && isFloat
  }

  /// Moves past a field's content of a wire type, and says where it is; nil where it does not end
  /// before the message does, or is a group.
  private mutating func content(
    of type: UInt64, _ at: inout Int, _ end: Int
  ) throws(FormatError) -> Range<Int>? {
    var start = at
    let count: Int
    switch type {
    case 0: return try varint(&at, end) == nil ? nil : start..<at
    case 1: count = 8
    case 5: count = 4
    case 2:
      guard let length = try varint(&at, end), length <= UInt64(end - at) else { return nil }
      (start, count) = (at, Int(length))
    default: return nil
    }
    guard count <= end - at else { return nil }
    at += count
    return start..<at
  }

  /// Seven bits a byte, the lowest first; nil where it goes on after the message or has more than 64.
  private mutating func varint(_ at: inout Int, _ end: Int) throws(FormatError) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard at < end else { return nil }
      let byte = try window.byte(at: at)
      at += 1
      guard shift < 63 || byte < 2 else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  private mutating func append(varint value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }

  /// Writes how many bytes follow a length kept at `place`.
  private mutating func setLength(at place: Int) {
    let count = bytes.count - place - ONNXSkeleton.lengthSize
    for i in 0..<ONNXSkeleton.lengthSize {
      let more: UInt8 = i < ONNXSkeleton.lengthSize - 1 ? 0x80 : 0
      bytes[place + i] = UInt8(truncatingIfNeeded: count >> (7 * i)) & 0x7F | more
    }
  }

  /// Adds a part of the file as it stands, in pieces: lists of numbers may be long.
  private mutating func copy(_ range: Range<Int>) throws(FormatError) {
    for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 20) {
      let end = min(range.upperBound, start + 1 << 20)
      bytes.append(contentsOf: try window.source.bytes(start..<end))
    }
  }
}

/// A few bytes of a source at hand, for reading them one by one.
private struct ByteWindow {
  let source: ByteSource
  private var bytes: [UInt8] = []
  private var start = 0

  init(_ source: ByteSource) { self.source = source }

  /// A byte of the source, which must be there.
  mutating func byte(at offset: Int) throws(FormatError) -> UInt8 {
    if offset < start || offset >= start + bytes.count {
      bytes = try source.bytes(offset..<min(source.count, offset + 1 << 12))
      start = offset
    }
    return bytes[offset - start]
  }
}
