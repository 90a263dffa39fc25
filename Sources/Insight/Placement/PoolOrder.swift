public import Masks
public import TensorCore

/// Dropout before a pool beside the same dropout after it: whether the two commute.
///
/// A mask that is the same over a whole map commutes with any pool: max(s·a, s·b) = s·max(a, b) to the
/// last bit, and sums of scaled terms are scaled sums, to the last bit where the scale is a power of 2
/// and to rounding where not. A mask of elements does not: it hides the winner of a maximum and takes
/// its place in a mean of fewer.
public struct PoolOrder: Sendable {
  /// One pool under both orders.
  public struct Pool: Sendable {
    /// `max` or `average`.
    public let name: String
    /// The pool of what dropout leaves, `[N,C,H′,W′]`.
    public let dropoutFirst: Tensor
    /// What dropout leaves of the pool's result.
    public let poolFirst: Tensor
    /// The pool without dropout.
    public let clean: Tensor
    /// `dropoutFirst` − `poolFirst`.
    public let difference: Tensor
    /// The largest size of a difference; ∞ where NaN stands against a number.
    public let largestDifference: Float
    /// The mean with dropout first / the mean without dropout; nil where that is 0.
    public let inflation: Double?
  }

  /// The pool's window.
  public let pooling: Pooling
  /// Max-pooling and average pooling over the same windows.
  public let pools: [Pool]

  /// Pools 2×2 cells without overlap, for values that no pool reads.
  public static let usual = Pooling(
    window: Window(kernel: Window.Pair(2, 2), stride: Window.Pair(2, 2)))

  /// Both orders for an activation.
  /// - Parameters:
  ///   - x: an activation with the elements of `layout`, whose maps are pooled
  ///   - stream: where both masks' numbers come from, so that a mask of whole maps is the same one
  /// - Throws: `TensorError` where the kind acts on no activation, cannot act on such maps, or the
  ///   window does not fit them.
  public init(
    _ x: Tensor, layout: Layout, dropout: Dropout, stream: RandomStream, pooling: Pooling
  ) throws(TensorError) {
    guard dropout.kind.target == .activation else {
      throw TensorError(
        "before or after the pool", expected: "a kind that acts on activations",
        found: dropout.kind.name)
    }
    self.pooling = pooling
    // Masks are drawn over the axes as they are, pools work on maps one after another.
    func drop(_ planes: Tensor) throws(TensorError) -> Tensor {
      let own = layout.withMaps(h: planes.shape[2], w: planes.shape[3])
      guard own.count == planes.count else {
        throw TensorError(
          "before or after the pool", expected: "maps of rows and columns", found: "\(layout)")
      }
      let mask = try dropout.mask(layout: own, stream: stream)
      return own.planar(dropout.apply(own.fromPlanar(planes), mask: mask))
    }
    let x = layout.planar(x)
    let dropped = try drop(x)
    var pools: [Pool] = []
    for (name, isMax) in [("max", true), ("average", false)] {
      func pool(_ x: Tensor) throws(TensorError) -> Tensor {
        isMax ? try pooling.max(x) : try pooling.average(x)
      }
      let clean = try pool(x)
      pools.append(
        Pool(
          name, dropoutFirst: try pool(dropped), poolFirst: try drop(clean), clean: clean))
    }
    self.pools = pools
  }
}

extension PoolOrder.Pool {
  fileprivate init(_ name: String, dropoutFirst: Tensor, poolFirst: Tensor, clean: Tensor) {
    (self.name, self.dropoutFirst, self.poolFirst) = (name, dropoutFirst, poolFirst)
    self.clean = clean
    var (largest, sum, before) = (Float(0), 0.0, 0.0)
    difference = Tensor(clean.shape) { out in
      for i in out.indices {
        let (a, b) = (dropoutFirst[i], poolFirst[i])
        // The same infinity, or NaN in both, is no difference.
        out[i] = a == b || (a.isNaN && b.isNaN) ? 0 : a - b
        largest = out[i].isNaN ? .infinity : max(largest, abs(out[i]))
        sum += Double(a)
        before += Double(clean[i])
      }
    }
    largestDifference = largest
    let ratio = sum / before
    inflation = ratio.isFinite ? ratio : nil
  }
}

extension Layout {
  /// The same axes with maps of another size: those of what a pool makes. A map without an axis of rows,
  /// or of columns, keeps its one.
  fileprivate func withMaps(h: Int, w: Int) -> Layout {
    var dims = shape.dims
    if let rowAxis { dims[rowAxis] = h }
    if let columnAxis { dims[columnAxis] = w }
    return Layout(Shape(dims), axes)
  }
}
