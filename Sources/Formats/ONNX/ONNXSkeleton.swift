/// A model's wire format without the numbers of its tensors, so that swift-protobuf does not copy
/// what is nearly all of a large file: in place of each `raw_data` stands the number of its payload. A
/// long list of packed floats, which are the same bytes, stands there as a `raw_data` too.
struct ONNXSkeleton {
  /// A ModelProto.
  private(set) var bytes: [UInt8] = []
  /// Where in the file each `raw_data` lies.
  private(set) var payloads: [Range<Int>] = []
  private var wire: WireReader

  /// nil where this is not the wire format: what is wrong with it swift-protobuf can say.
  /// - Throws: `FormatError` where the system cannot read.
  init?(_ source: ByteSource) throws(FormatError) {
    try self.init(source, 0..<source.count, of: .model)
  }

  /// A message that lies in a part of a source.
  init?(
    _ source: ByteSource, _ range: Range<Int>, of message: Message
  ) throws(FormatError) {
    wire = WireReader(source)
    guard try add(range, of: message) else { return nil }
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
  enum Message {
    case model, graph, function, node, attribute, tensor

    /// The message in one of its fields; nil where no tensor lies in it that is read.
    fileprivate func message(in field: UInt64) -> Message? {
      switch (self, field) {
      case (.model, 7): .graph
      case (.graph, 1): .node
      case (.graph, 5): .tensor
      case (.node, 5): .attribute
      case (.attribute, 5): .tensor
      // A body's own; several in one attribute are not read.
      case (.attribute, 6): .graph
      case (.model, 25): .function
      case (.function, 7): .node
      case (.function, 11): .attribute
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
      guard let field = try wire.next(&at, range.upperBound) else { return false }
      if field.wireType == 2, let inner = message.message(in: field.number) {
        try copy(start..<field.whole.lowerBound)
        bytes.append(varint: field.number << 3 | 2)
        let length = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: ONNXSkeleton.lengthSize))
        guard try add(field.content, of: inner) else { return false }
        setLength(at: length)
        start = at
      } else if message == .tensor, field.isBlock(9) || (field.isBlock(4) && liftsFloats) {
        try copy(start..<field.whole.lowerBound)
        bytes.append(varint: 9 << 3 | 2)
        bytes.append(varint: UInt64(ONNXSkeleton.numberSize))
        withUnsafeBytes(of: UInt64(payloads.count).littleEndian) {
          bytes.append(contentsOf: $0)
        }
        payloads.append(field.content)
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
      guard let field = try wire.next(&at, range.upperBound) else { return false }
      switch field.number {
      case 2: isFloat = try wire.number(field) == 1
      case 4:
        lists += 1
        guard field.wireType == 2, field.content.count >= ONNXSkeleton.longList,
          field.content.count % 4 == 0
        else { return false }
      case 9: return false
      default: break
      }
    }
    return lists == 1 && isFloat
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
      bytes.append(contentsOf: try wire.source.bytes(start..<end))
    }
  }
}
