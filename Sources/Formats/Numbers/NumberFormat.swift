import NeuralNet
import TensorCore

/// How a file lays out one number: its type and byte order.
public struct NumberFormat: Equatable, Sendable {
  /// The type of one number.
  public enum Kind: String, CaseIterable, Sendable {
    case float16, bfloat16, float32, float64
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    case bool
  }

  var kind: Kind
  var bigEndian = false

  /// Bytes a number takes.
  var size: Int {
    switch kind {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// The element type of `Value` that holds such numbers.
  var elementType: ElementType {
    switch kind {
    case .float16, .bfloat16, .float32, .float64: .float32
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: .int64
    case .bool: .bool
    }
  }

  /// The bytes that `count` numbers take, nil where that overflows.
  func byteCount(of count: Int) -> Int? {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
    return overflow ? nil : bytes
  }

  /// `28×28 float32`: how an error names an array.
  func text(_ dims: [Int]) -> String {
    dims.isEmpty
      ? kind.rawValue : "\(dims.map(String.init).joined(separator: "×")) \(kind.rawValue)"
  }
}

extension Shape {
  /// A shape read from a file, whose bytes must number exactly `remaining`.
  /// - Throws: `FormatError` for negative sizes, a product that overflows, and any other number of
  ///   bytes.
  init(
    _ dims: [Int], of format: NumberFormat, filling remaining: Int, in file: String, part: String
  ) throws(FormatError) {
    do {
      // Zero times a huge size is zero, yet the distances between such elements overflow.
      _ = try Shape(checking: dims.map { $0 == 0 ? 1 : $0 }, in: part)
      try self.init(checking: dims, in: part)
    } catch {
      throw FormatError(file, part, error)
    }
    guard let bytes = format.byteCount(of: count) else {
      throw FormatError(file, part, expected: "a size that fits 63 bits", found: format.text(dims))
    }
    guard bytes == remaining else {
      throw FormatError(
        file: file, part: part,
        .size(declared: format.text(dims), bytes: bytes, remaining: remaining))
    }
  }
}
