import NeuralNet
import TensorCore

/// How a file lays out one number: its type and byte order.
struct NumberFormat: Equatable {
  /// The type of one number.
  let kind: ElementType
  let bigEndian: Bool
  /// Bytes a number takes; 1 where several share one.
  let size: Int
  /// How many numbers share a byte.
  let each: Int

  /// - Precondition: the type is one of numbers or bools.
  init(kind: ElementType, bigEndian: Bool = false) {
    let each = kind.narrowBits.map { 8 / $0 } ?? 1
    guard let size = kind.size ?? (each > 1 ? 1 : nil) else {
      preconditionFailure("\(kind) has no fixed size")
    }
    (self.kind, self.bigEndian, self.size, self.each) = (kind, bigEndian, size, each)
  }

  /// The bytes that `count` numbers take, nil where that overflows.
  func byteCount(of count: Int) -> Int? {
    let (bytes, overflow) = (count / each + (count % each == 0 ? 0 : 1))
      .multipliedReportingOverflow(by: size)
    return overflow ? nil : bytes
  }

  /// `28×28 float32`: how an error names an array.
  func text(_ dims: [Int]) -> String {
    dims.isEmpty
      ? kind.rawValue : "\(dims.map(String.init).joined(separator: "×")) \(kind.rawValue)"
  }
}

extension Shape {
  /// A shape read from a file.
  /// - Throws: `FormatError` for negative sizes and a product that overflows.
  init(_ dims: [Int], in file: String, part: String) throws(FormatError) {
    do {
      // Zero times a huge size is zero, yet the distances between such elements overflow.
      _ = try Shape(checking: dims.map { $0 == 0 ? 1 : $0 }, in: part)
      try self.init(checking: dims, in: part)
    } catch {
      throw FormatError(file, part, error)
    }
  }

  /// A shape read from a file, whose bytes must number exactly `remaining`.
  /// - Throws: `FormatError` for negative sizes, a product that overflows, and any other number of
  ///   bytes.
  init(
    _ dims: [Int], of format: NumberFormat, filling remaining: Int, in file: String, part: String
  ) throws(FormatError) {
    try self.init(dims, in: file, part: part)
    guard let bytes = format.byteCount(of: count) else {
      throw FormatError(file, part, expected: "a size that fits 63 bits", found: format.text(dims))
    }
    guard bytes == remaining else {
      throw FormatError(
        file: file, part: part,
        .size(declared: format.text(dims), bytes: bytes, remaining: remaining))
    }
    // Eight bytes at most, however few an element has in the file.
    try FileMemory.reserve(self.bytes(of: 8), in: file, part, for: format.text(dims))
  }
}
