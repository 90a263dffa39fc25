/// The layout of an activation: samples, channels, rows, columns. Named, so that no code has to
/// guess from a rank which axis is which.
public struct NCHW: Hashable, Sendable, CustomStringConvertible {
  /// Samples.
  public var n: Int
  /// Channels.
  public var c: Int
  /// Rows.
  public var h: Int
  /// Columns.
  public var w: Int

  /// A layout of the four sizes, each 0 or more.
  public init(n: Int, c: Int, h: Int, w: Int) {
    precondition(n >= 0 && c >= 0 && h >= 0 && w >= 0, "negative size")
    (self.n, self.c, self.h, self.w) = (n, c, h, w)
  }

  /// How a value of a network is laid out: `[N,C,H,W]` as it is, `[N,C,L]` with one row of L
  /// columns, `[N,F]` as F channels of 1×1.
  /// - Throws: `TensorError` for any other rank: it has no samples and channels to speak of.
  public init(_ shape: Shape) throws(TensorError) {
    let d = shape.dims
    switch d.count {
    case 4: self.init(n: d[0], c: d[1], h: d[2], w: d[3])
    case 3: self.init(n: d[0], c: d[1], h: 1, w: d[2])
    case 2: self.init(n: d[0], c: d[1], h: 1, w: 1)
    default:
      throw TensorError(
        "layer", expected: "an activation of shape [N,C,H,W], [N,C,L] or [N,F]", found: "\(shape)")
    }
  }

  /// The number of elements.
  public var count: Int { n * c * h * w }
  /// The number of elements of one map: rows × columns.
  public var area: Int { h * w }
  /// The four sizes as a shape.
  public var shape: Shape { [n, c, h, w] }
  /// `[1,2,26,26]`
  public var description: String { shape.description }

  /// The row-major offset of one element.
  public func offset(n: Int, c: Int, y: Int, x: Int) -> Int {
    ((n * self.c + c) * h + y) * w + x
  }
}
