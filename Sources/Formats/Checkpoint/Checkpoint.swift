public import TensorCore

/// What training needs to go on as if it had not stopped: texts and arrays by name.
///
/// The bytes, all numbers little-endian: `dropscope state 1` and a newline; the length of the whole
/// file (8 bytes); the number of texts (4), and for each its key and value, each a length (4) and
/// UTF-8; the number of arrays (4), and for each its name as above, its rank (4), its sizes (8 each)
/// and its numbers (float32); the SHA-256 of everything before (32). So a file that was cut or
/// changed is noticed, and equal states are equal files: both lists are in the order of their names.
public struct Checkpoint: Equatable, Sendable {
  /// Texts by key: options, counters, what was measured.
  public var texts: [String: String]
  /// Arrays by name: weights, an optimiser's memory.
  public var arrays: [String: Tensor]

  /// A state of these parts.
  public init(texts: [String: String] = [:], arrays: [String: Tensor] = [:]) {
    (self.texts, self.arrays) = (texts, arrays)
  }

  private static let magic = Array("dropscope state 1\n".utf8)
  private static let digestSize = 32

  /// The state as a file.
  public var bytes: [UInt8] {
    var body: [UInt8] = []
    func append(_ number: some FixedWidthInteger) {
      withUnsafeBytes(of: number.littleEndian) { body.append(contentsOf: $0) }
    }
    func append(_ text: String) {
      append(UInt32(text.utf8.count))
      body.append(contentsOf: text.utf8)
    }
    append(UInt32(texts.count))
    for (key, value) in texts.sorted(by: { $0.key < $1.key }) {
      append(key)
      append(value)
    }
    append(UInt32(arrays.count))
    for (name, array) in arrays.sorted(by: { $0.key < $1.key }) {
      append(name)
      append(UInt32(array.shape.rank))
      for size in array.shape.dims { append(UInt64(size)) }
      array.withElements { body.append(contentsOf: UnsafeRawBufferPointer($0)) }
    }
    let size = Checkpoint.magic.count + 8 + body.count + Checkpoint.digestSize
    var bytes = Checkpoint.magic
    withUnsafeBytes(of: UInt64(size).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += body
    return bytes + SHA256.digest(of: bytes)
  }

  /// Reads a state.
  /// - Throws: `FormatError` where the bytes are no state, are cut or changed, or say sizes that do
  ///   not go together.
  public init(_ bytes: [UInt8], named name: String) throws(FormatError) {
    var cursor = ByteCursor(bytes, named: name)
    guard bytes.starts(with: Checkpoint.magic) else {
      throw FormatError(
        name, expected: "a training state of dropscope", found: "\(FileKind(sniffing: bytes))")
    }
    _ = try cursor.take(Checkpoint.magic.count, for: "magic")
    let size = try cursor.integer(UInt64.self, bigEndian: false, for: "length")
    guard size == UInt64(bytes.count), bytes.count >= Checkpoint.digestSize else {
      throw FormatError(
        name, expected: "a file of \(size) bytes, as it says itself", found: "\(bytes.count)")
    }
    let end = bytes.count - Checkpoint.digestSize
    guard SHA256.digest(of: bytes[..<end]) == Array(bytes[end...]) else {
      throw FormatError(name, "SHA-256", expected: "that of the bytes", found: "another")
    }
    cursor = ByteCursor(Array(bytes[..<end]), named: name)
    _ = try cursor.take(Checkpoint.magic.count + 8, for: "header")
    (texts, arrays) = ([:], [:])
    for _ in 0..<(try cursor.size(for: "texts")) {
      let key = try cursor.text(for: "text")
      texts[key] = try cursor.text(for: "text \(key)")
    }
    for _ in 0..<(try cursor.size(for: "arrays")) {
      let key = try cursor.text(for: "array")
      arrays[key] = try cursor.array(for: "array \(key)")
    }
    guard cursor.rest.isEmpty else {
      throw FormatError(
        name, expected: "the end of the file after the arrays",
        found: "\(cursor.rest.count) more bytes")
    }
  }
}

extension ByteCursor {
  fileprivate mutating func size(for part: String) throws(FormatError) -> Int {
    Int(try integer(UInt32.self, bigEndian: false, for: part))
  }

  fileprivate mutating func text(for part: String) throws(FormatError) -> String {
    String(decoding: try take(try size(for: part), for: part), as: UTF8.self)
  }

  fileprivate mutating func array(for part: String) throws(FormatError) -> Tensor {
    let rank = try size(for: part)
    guard rank <= 8 else {
      throw FormatError(file, part, expected: "at most 8 dimensions", found: "\(rank)")
    }
    var dims: [Int] = []
    for _ in 0..<rank {
      dims.append(Int(clamping: try integer(UInt64.self, bigEndian: false, for: part)))
    }
    let format = NumberFormat(kind: .float32)
    let shape: Shape
    do {
      shape = try Shape(checking: dims, in: part)
    } catch {
      throw FormatError(file, part, error)
    }
    guard let size = format.byteCount(of: shape.count), size <= rest.count else {
      throw FormatError(
        file, part, expected: "\(format.text(dims))", found: "\(grouped(rest.count)) bytes")
    }
    let bytes = try take(size, for: part)
    return format.tensor(shape, bytes)
  }
}
