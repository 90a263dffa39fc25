import Formats
import FoundationEssentials
import TensorCore
import TerminalUI

/// Values as JSON, keys sorted, a newline at the end.
enum JSONFile {
  /// An array with its shape, in row-major order; NaN and infinities as text.
  struct Array: Encodable {
    let stage: String
    let shape: [Int]
    let data: [Float]

    init(stage: String, _ tensor: Tensor) {
      self.stage = stage
      (shape, data) = (tensor.shape.dims, tensor.elements)
    }
  }

  /// Values on one line.
  static func line(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoded(value, encoder)
  }

  static func bytes(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoded(value, encoder)
  }

  /// Names may hold what a terminal acts on, and JSON may be looked at on one.
  private static func encoded(_ value: some Encodable, _ encoder: JSONEncoder) throws -> [UInt8] {
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    return [UInt8]((VisibleText.json(text) + "\n").utf8)
  }
}
