/// A message of protocol buffers that is small enough to be put together in memory.
struct ProtoMessage {
  /// Its bytes so far.
  private(set) var array: [UInt8] = []

  /// Adds a field that holds bytes, a text or a message.
  mutating func add(_ field: UInt64, _ bytes: [UInt8]) {
    array.append(varint: field << 3 | 2)
    array.append(varint: UInt64(bytes.count))
    array += bytes
  }

  /// Adds a field that holds a whole number.
  mutating func add(_ field: UInt64, number: Int) {
    array.append(varint: field << 3)
    array.append(varint: UInt64(bitPattern: Int64(number)))
  }

  /// Adds a field that holds a number of single precision.
  mutating func add(_ field: UInt64, float: Float) {
    array.append(varint: field << 3 | 5)
    array.append(littleEndian: float.bitPattern)
  }

  /// Adds a field that holds a number of double precision; 0, which goes without saying, is left out.
  mutating func add(_ field: UInt64, double: Double) {
    guard double != 0 else { return }
    array.append(varint: field << 3 | 1)
    array.append(littleEndian: double.bitPattern)
  }

  /// Adds a packed field of numbers of double precision.
  mutating func add(_ field: UInt64, doubles: [Double]) {
    var bytes: [UInt8] = []
    for number in doubles { bytes.append(littleEndian: number.bitPattern) }
    add(field, bytes)
  }
}

extension [UInt8] {
  /// Adds a number's bytes, the lowest first.
  mutating func append(littleEndian number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { self += $0 }
  }
}
