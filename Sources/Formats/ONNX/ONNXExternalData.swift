import SwiftProtobuf

extension ONNXTensorReader {
  /// The bytes of a tensor that lies in a file of its own: `location`, a path in the model's folder,
  /// with `offset` and `length` in bytes where it is only a part.
  /// - Throws: `FormatError` where the path leads out of the folder, the file cannot be read, or
  ///   the part does not lie within it.
  mutating func externalBytes(
    _ tensor: Onnx_TensorProto, named part: String
  ) throws(FormatError) -> (source: ByteSource, range: Range<Int>) {
    var entries: [String: String] = [:]
    for entry in tensor.externalData { entries[entry.key] = entry.value }
    let location = entries["location"] ?? ""
    let bytes: ByteSource
    if let external, external.name == ONNXExternalFiles.path(location, beside: file) {
      bytes = external
    } else {
      bytes = try ONNXExternalFiles.open(location, beside: file, part: part)
      external = bytes
    }
    let offset = try number(entries["offset"], "offset", part) ?? 0
    guard offset <= bytes.count else {
      throw FormatError(
        file: file, part: "\(part): external offset",
        .size(declared: "", bytes: offset, remaining: bytes.count))
    }
    let length = try number(entries["length"], "length", part) ?? bytes.count - offset
    guard length <= bytes.count - offset else {
      throw FormatError(
        file: file, part: "\(part): external length",
        .size(declared: "", bytes: length, remaining: bytes.count - offset))
    }
    return (bytes, offset..<offset + length)
  }

  private func number(
    _ text: String?, _ name: String, _ part: String
  ) throws(FormatError) -> Int? {
    guard let text else { return nil }
    guard let number = Int(text), number >= 0 else {
      throw FormatError(
        file, "\(part): external \(name)", expected: "a number of bytes", found: "\"\(text)\"")
    }
    return number
  }
}
