public import TensorCore

/// Whole columns: the cells of one column of a map share one unit. Keras `Dropout` with
/// `noise_shape` `(N, C, 1, W)`.
public struct ColumnDropout: UnitwiseDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "column"
  public let summary = "whole columns of a map (Keras noise_shape)"
  public func units(of layout: NCHW) -> NCHW {
    NCHW(n: layout.n, c: layout.c, h: min(1, layout.h), w: layout.w)
  }
}
