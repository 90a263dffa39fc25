public import TensorCore

/// Whole maps: all cells of a sample's channel share one unit. Tompson et al. 2014
/// (arXiv:1411.4280); torch `Dropout1d` to `Dropout3d`; Keras `SpatialDropout1D` to `3D`.
///
/// A sequence without channels has features in their place: of `[N,T,F]` a feature is dropped at all
/// times.
public struct SpatialDropout: UnitwiseDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "spatial"
  public let summary = "whole maps: a channel lives or dies as one (Tompson 2014)"

  /// A unit for a sample's channel; where there is no such axis, for its feature, head and direction.
  /// Axes that nothing is known of share nothing.
  public func units(of layout: Layout) -> Layout {
    layout.index(of: .channel) != nil
      ? layout.sharing(allBut: .sample, .channel)
      : layout.sharing(allBut: .sample, .feature, .head, .direction, .unknown)
  }
}
