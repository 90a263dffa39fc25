extension Shape {
  /// The most elements a computed array may have: 2²⁸, a gigabyte of float32. Attributes of a few
  /// bytes (pads, a repeat count) can ask for any size; this is what stands between them and memory.
  public static let computedLimit = 1 << 28

  /// The shape of a result, worked out from shapes and attributes that a file may have made up.
  /// - Throws: `TensorError` where a size is negative or there would be more than `computedLimit`
  ///   elements, counting sizes of 0 as 1.
  public init(computed dims: [Int], in operation: String) throws(TensorError) {
    let shape = try Shape(checking: dims, in: operation)
    guard dims.reduce(1, { $0 * max(1, $1) }) <= Shape.computedLimit else {
      throw TensorError(
        operation, expected: "a result of at most \(Shape.computedLimit) elements",
        found: "\(shape)")
    }
    self = shape
  }
}
