public import TensorCore

/// Whole maps: all cells of a sample's channel share one unit. Tompson et al. 2014
/// (arXiv:1411.4280); torch `Dropout2d`; Keras `SpatialDropout2D`.
public struct SpatialDropout: UnitwiseDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "spatial"
  public let summary = "whole maps: a channel lives or dies as one (Tompson 2014)"
  public func units(of layout: NCHW) -> NCHW { NCHW(n: layout.n, c: layout.c, h: 1, w: 1) }
}
