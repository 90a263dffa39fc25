/// One event of a file that TensorBoard opens: a record of TFRecord around a message of tensorflow's
/// `event.proto`, of which only what stands here is written.
public struct EventRecord: Sendable {
  /// Seconds since 1970.
  public var seconds: Double
  /// Batches since training began.
  public var step: Int
  /// What it says.
  public var content: Content

  /// What an event can say.
  public enum Content: Sendable {
    /// What the file is: its first event.
    case version
    /// Training begins or goes on here: what files from before say of this step and later ones does not
    /// count.
    case start
    /// Values at a step, each with its tag.
    case values([(tag: String, value: Value)])
  }

  /// A value at a step.
  public enum Value: Sendable {
    case scalar(Float)
    /// Least, greatest, how many, their sum and that of their squares; ends of buckets, and how many
    /// values each has.
    case histogram(
      least: Double, greatest: Double, count: Int, sum: Double, squares: Double, limits: [Double],
      counts: [Int])
    /// A picture as PNG.
    case image(width: Int, height: Int, png: [UInt8])
  }

  /// An event.
  public init(seconds: Double, step: Int, _ content: Content) {
    (self.seconds, self.step, self.content) = (seconds, step, content)
  }

  /// The record: its length and its message, each with its check sum.
  public var bytes: [UInt8] {
    let message = message.array
    var length: [UInt8] = []
    length.append(littleEndian: UInt64(message.count))
    var record = length
    record.append(littleEndian: CRC32C.masked(length))
    record += message
    record.append(littleEndian: CRC32C.masked(message))
    return record
  }

  /// `Event`
  private var message: ProtoMessage {
    var event = ProtoMessage()
    event.add(1, double: seconds)
    if step != 0 { event.add(2, number: step) }
    switch content {
    case .version: event.add(3, Array("brain.Event:2".utf8))
    case .start:
      var log = ProtoMessage()
      log.add(1, number: 1)
      event.add(7, log.array)
    case .values(let values):
      var summary = ProtoMessage()
      for (tag, value) in values { summary.add(1, EventRecord.message(tag, value).array) }
      event.add(5, summary.array)
    }
    return event
  }

  /// `Summary.Value`
  private static func message(_ tag: String, _ value: Value) -> ProtoMessage {
    var message = ProtoMessage()
    message.add(1, Array(tag.utf8))
    var own = ProtoMessage()
    switch value {
    case .scalar(let number): message.add(2, float: number)
    case .histogram(
      let least, let greatest, let count, let sum, let squares, let limits, let counts):
      for (field, number) in [least, greatest, Double(count), sum, squares].enumerated() {
        own.add(UInt64(field + 1), double: number)
      }
      own.add(6, doubles: limits)
      own.add(7, doubles: counts.map(Double.init))
      message.add(5, own.array)
    case .image(let width, let height, let png):
      for (field, number) in [height, width, 3].enumerated() {
        own.add(UInt64(field + 1), number: number)
      }
      own.add(4, png)
      message.add(4, own.array)
    }
    return message
  }
}
