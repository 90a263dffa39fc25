import TensorCore

/// Sums over many elements, in parts that do not depend on how many threads there are: each part by itself, then
/// the parts in their order.
enum BlockSums {
  /// The elements of a part of an array.
  private static let size = 1 << 14

  /// The sum of what `part` says of each of `count` parts.
  static func sum<Sum: AdditiveArithmetic & Sendable>(
    parts count: Int, _ part: @Sendable (Int) -> Sum
  ) -> Sum {
    withUnsafeTemporaryAllocation(of: Sum.self, capacity: max(1, count)) { sums in
      nonisolated(unsafe) let sums = sums
      Parallel.run(tasks: count) { sums.initializeElement(at: $0, to: part($0)) }
      return sums[..<count].reduce(.zero, +)
    }
  }

  /// The sum of what `part` says of ranges that cover `count` elements.
  static func sum<Sum: AdditiveArithmetic & Sendable>(
    elements count: Int, _ part: @Sendable (Range<Int>) -> Sum
  ) -> Sum {
    sum(parts: (count + size - 1) / size) { index in
      part(index * size..<min(count, (index + 1) * size))
    }
  }
}

/// Several sums that are made together.
struct Sums: AdditiveArithmetic {
  var values = SIMD8<Double>.zero

  static let zero = Sums()
  static func + (a: Sums, b: Sums) -> Sums { Sums(values: a.values + b.values) }
  static func - (a: Sums, b: Sums) -> Sums { Sums(values: a.values - b.values) }
}
