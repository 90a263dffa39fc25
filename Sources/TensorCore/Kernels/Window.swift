/// How a window slides over rows and columns: the geometry that convolution and pooling share.
public struct Window: Hashable, Sendable {
  /// Rows and columns of the kernel.
  public var kernel: Pair
  /// Steps between windows.
  public var stride: Pair
  /// Distances between the kernel's taps.
  public var dilation: Pair
  /// Cells added above and to the left.
  public var padBefore: Pair
  /// Cells added below and to the right.
  public var padAfter: Pair

  /// A size or a distance along rows (`h`) and columns (`w`).
  public struct Pair: Hashable, Sendable {
    /// Along rows.
    public var h: Int
    /// Along columns.
    public var w: Int
    /// A pair of the two.
    public init(_ h: Int, _ w: Int) { (self.h, self.w) = (h, w) }
  }

  /// A window; strides and dilations must be 1 or more, pads 0 or more.
  public init(
    kernel: Pair, stride: Pair = Pair(1, 1), dilation: Pair = Pair(1, 1),
    padBefore: Pair = Pair(0, 0), padAfter: Pair = Pair(0, 0)
  ) {
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.padBefore = padBefore
    self.padAfter = padAfter
  }

  /// The kernel's reach in cells: dilation·(kernel − 1) + 1.
  public var reach: Pair {
    Pair(dilation.h * (kernel.h - 1) + 1, dilation.w * (kernel.w - 1) + 1)
  }

  /// Output rows and columns for an h×w input: ⌊(size + pads − reach) / stride⌋ + 1, or with
  /// `ceil` ⌈…⌉ + 1 without windows that would start beyond the input and its leading pad.
  /// - Throws: `TensorError` where the kernel does not fit the padded input, or the input is too
  ///   large to compute with.
  public func outputSize(
    h: Int, w: Int, ceil: Bool = false, in operation: String
  ) throws(TensorError) -> Pair {
    guard max(h, w) <= Shape.computedLimit else {
      throw TensorError(
        operation, expected: "at most \(Shape.computedLimit) rows and columns",
        found: "\(h)×\(w)")
    }
    func size(_ size: Int, _ before: Int, _ after: Int, _ reach: Int, _ stride: Int) -> Int? {
      let room = size + before + after - reach
      guard room >= 0 else { return nil }
      guard ceil else { return room / stride + 1 }
      let count = (room + stride - 1) / stride + 1
      return (count - 1) * stride >= size + before ? count - 1 : count
    }
    guard let rows = size(h, padBefore.h, padAfter.h, reach.h, stride.h),
      let columns = size(w, padBefore.w, padAfter.w, reach.w, stride.w)
    else {
      throw TensorError(
        operation, expected: "an input of at least \(reach.h)×\(reach.w) with its padding",
        found: "\(h + padBefore.h + padAfter.h)×\(w + padBefore.w + padAfter.w)")
    }
    return Pair(rows, columns)
  }
}
