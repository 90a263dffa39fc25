public import TensorCore

/// The size of a dropped block in cells.
public struct BlockSize: Hashable, Sendable, CustomStringConvertible {
  /// Rows, 1 or more.
  public let h: Int
  /// Columns, 1 or more.
  public let w: Int

  /// A block of h rows and w columns, each 1 or more.
  public init(h: Int, w: Int) {
    precondition(h >= 1 && w >= 1, "a block of \(h)×\(w)")
    (self.h, self.w) = (h, w)
  }

  /// A square block.
  public init(_ side: Int) { self.init(h: side, w: side) }

  /// A size as people type it: `5`, or `3x5` for 3 rows of 5 columns (also `3×5`).
  /// - Throws: `TensorError` for anything else.
  public init(parsing text: String) throws(TensorError) {
    let parts = text.split(omittingEmptySubsequences: false) { "xX×".contains($0) }
    let numbers = parts.compactMap { part in
      part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        ? Int(part) : nil
    }
    guard (1...2).contains(parts.count), numbers.count == parts.count,
      numbers.allSatisfy({ $0 >= 1 })
    else {
      throw TensorError(
        "block", expected: "a size like 5 or 3x5 (rows x columns), 1 or more",
        found: text.isEmpty ? "nothing" : text)
    }
    self.init(h: numbers[0], w: numbers[numbers.count - 1])
  }

  /// `3×5`
  public var description: String { "\(h)×\(w)" }
}
