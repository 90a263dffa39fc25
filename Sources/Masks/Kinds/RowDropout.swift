public import TensorCore

/// Whole rows: the cells of one row of a map share one unit. Keras `Dropout` with `noise_shape`
/// `(N, C, H, 1)`.
public struct RowDropout: UnitwiseDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "row"
  public let summary = "whole rows of a map (Keras noise_shape)"
  public func units(of layout: NCHW) -> NCHW {
    NCHW(n: layout.n, c: layout.c, h: layout.h, w: min(1, layout.w))
  }
}
