import TensorCore

/// Sums of products of whole numbers, exact, by way of products in single precision: those of small
/// numbers are, as long as no sum reaches 2²⁴; larger ones are cut into two parts of less.
enum WholeSums {
  /// - Parameters:
  ///   - terms: how many products go into a sum
  ///   - product: what makes the sums of floats
  /// - Throws: what `product` throws.
  static func of(
    _ a: NDArray<Int64>, _ b: NDArray<Int64>, terms: Int,
    _ product: (Tensor, Tensor) throws(TensorError) -> Tensor
  ) throws(TensorError) -> NDArray<Int64> {
    let (left, right) = (largest(a), largest(b))
    let most = Double(left) * Double(right) * Double(terms)
    guard most >= 0x1p24, max(left, right) > 1 else {
      let sums = try product(a.map { Float($0) }, b.map { Float($0) })
      return sums.map { Int64(towardZero: Double($0)) }
    }
    func sums(_ parts: (Int64) -> Int64) throws(TensorError) -> NDArray<Int64> {
      left >= right
        ? try of(a.map(parts), b, terms: terms, product)
        : try of(a, b.map(parts), terms: terms, product)
    }
    // As many bits for the upper part as for the lower one.
    let shift = Int64((64 - max(left, right).leadingZeroBitCount + 1) / 2)
    let upper = try sums { $0 >> shift }
    let lower = try sums { $0 - ($0 >> shift) << shift }
    return NDArray(
      upper.shape, zip(upper.elements, lower.elements).map { $0 << shift &+ $1 })
  }

  private static func largest(_ x: NDArray<Int64>) -> UInt64 {
    x.withElements { $0.reduce(0) { max($0, $1.magnitude) } }
  }
}

extension NDArray where Element == Int64 {
  /// The numbers less a zero point that broadcasts to them.
  func less(_ zero: NDArray<Int64>?, in operation: String) throws(TensorError) -> NDArray<Int64> {
    guard let zero else { return self }
    return try Broadcast(shape, zero.shape, in: operation).map(self, zero) { $0 &- $1 }
  }
}
