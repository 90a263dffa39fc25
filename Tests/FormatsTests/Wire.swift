/// Writes protocol buffers by hand, so that tests can make models that no library would write.
struct Wire {
  var bytes: [UInt8] = []

  init(_ parts: Wire...) { bytes = parts.flatMap(\.bytes) }
  init(bytes: [UInt8]) { self.bytes = bytes }

  static func number(_ field: Int, _ value: Int) -> Wire {
    Wire(bytes: varint(UInt64(field) << 3) + varint(UInt64(bitPattern: Int64(value))))
  }
  static func block(_ field: Int, _ bytes: [UInt8]) -> Wire {
    Wire(bytes: varint(UInt64(field) << 3 | 2) + varint(UInt64(bytes.count)) + bytes)
  }
  static func text(_ field: Int, _ text: String) -> Wire { block(field, Array(text.utf8)) }
  static func message(_ field: Int, _ parts: Wire...) -> Wire {
    block(field, parts.flatMap(\.bytes))
  }
  static func many(_ parts: [Wire]) -> Wire { Wire(bytes: parts.flatMap(\.bytes)) }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var (value, bytes) = (value, [UInt8]())
    while value >= 0x80 {
      bytes.append(UInt8(value & 0x7F) | 0x80)
      value >>= 7
    }
    return bytes + [UInt8(value)]
  }
}

/// Pieces of ONNX models by field number.
enum Proto {
  static func model(ir: Int = 8, _ graph: Wire..., opset: Int = 17) -> [UInt8] {
    Wire(
      .number(1, ir), .message(7, .many(graph)),
      .message(8, .text(1, ""), .number(2, opset))
    ).bytes
  }
  static func node(
    _ type: String, _ inputs: [String], _ outputs: [String], _ attributes: Wire...
  ) -> Wire {
    .message(
      1, .many(inputs.map { .text(1, $0) }), .many(outputs.map { .text(2, $0) }), .text(4, type),
      .many(attributes))
  }
  static func input(_ name: String, type: Int = 1, _ dims: [Int]) -> Wire {
    .message(
      11, .text(1, name),
      .message(2, .message(1, .number(1, type), .message(2, .many(dims.map(dim))))))
  }
  private static func dim(_ size: Int) -> Wire { .message(1, .number(1, size)) }
  static func output(_ name: String) -> Wire { .message(12, .text(1, name)) }
  static func tensor(_ name: String, type: Int = 1, _ dims: [Int], _ more: Wire...) -> Wire {
    .message(
      5, .many(dims.map { .number(1, $0) }), .number(2, type), .text(8, name), .many(more))
  }
  static func raw(_ count: Int) -> Wire { .block(9, [UInt8](repeating: 0, count: count)) }
  static func external(_ entries: [String: String]) -> Wire {
    Wire(
      .many(
        entries.sorted { $0.key < $1.key }.map {
          .message(13, .text(1, $0.key), .text(2, $0.value))
        }
      ), .number(14, 1))
  }
  /// `x [1,4]` → Relu → `y`.
  static let relu = Wire(input("x", [1, 4]), node("Relu", ["x"], ["y"]), output("y"))
}
