/// The sizes of a tensor along its dimensions, outermost first. `[]` is a scalar of one element.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The sizes, each 0 or more.
  public let dims: [Int]
  /// The number of elements: the product of `dims`.
  public let count: Int

  /// A shape known to be sound: sizes are not negative and their product fits an `Int`.
  public init(_ dims: [Int]) {
    precondition(dims.allSatisfy { $0 >= 0 }, "negative dimension in \(dims)")
    self.dims = dims
    count = dims.reduce(1, *)
  }

  /// A shape read from a file or a person.
  /// - Throws: `TensorError` where a size is negative or the sizes, zeros left out, multiply to more
  ///   than an `Int` holds: so that strides and products of some of the sizes fit too.
  public init(checking dims: [Int], in operation: String) throws(TensorError) {
    var product = 1
    for size in dims {
      let (next, overflow) = product.multipliedReportingOverflow(by: max(1, size))
      guard size >= 0, !overflow else {
        throw TensorError(
          operation, expected: "dimensions of 0 or more whose product fits 63 bits",
          found: Shape.text(dims))
      }
      product = next
    }
    self.dims = dims
    count = dims.contains(0) ? 0 : product
  }

  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// The number of dimensions.
  public var rank: Int { dims.count }

  /// The size along dimension `index`, which must exist.
  public subscript(index: Int) -> Int { dims[index] }

  /// Row-major distances in elements between neighbours along each dimension.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for i in stride(from: rank - 2, through: 0, by: -1) {
      strides[i] = strides[i + 1] * dims[i + 1]
    }
    return strides
  }

  /// `[1,28,28]`
  public var description: String { Shape.text(dims) }

  private static func text(_ dims: [Int]) -> String {
    "[" + dims.map(String.init).joined(separator: ",") + "]"
  }

  /// Turns an axis that may count from the end (−1 is the last) into 0 ..< rank.
  /// - Throws: `TensorError` where the axis does not exist.
  public func axis(_ axis: Int, in operation: String) throws(TensorError) -> Int {
    let resolved = axis < 0 ? axis + rank : axis
    guard (0..<rank).contains(resolved) else {
      throw TensorError(operation, expected: "an axis of \(self)", found: "axis \(axis)")
    }
    return resolved
  }
}
