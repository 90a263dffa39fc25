import Formats
import FoundationEssentials
import TensorCore

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
    return try [UInt8](encoder.encode(value)) + [UInt8(ascii: "\n")]
  }

  static func bytes(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try [UInt8](encoder.encode(value)) + [UInt8(ascii: "\n")]
  }
}
