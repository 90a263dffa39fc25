public import TensorCore

/// The same mask at all times: a sample's feature is dropped at every step or at none. Gal & Ghahramani
/// 2016, variational dropout (arXiv:1512.05287); Merity et al. 2017, fastai's `RNNDropout`; Keras
/// `Dropout` with `noise_shape` `(N, 1, F)`.
public struct LockedDropout: UnitwiseDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "locked"
  public let summary = "the same mask at all times: variational dropout (Gal 2016)"

  /// - Throws: `TensorError` where the layout has no axis of times or tokens.
  public func units(of layout: Layout) throws(TensorError) -> Layout {
    let times = try layout.sequenceAxes(for: name)
    return layout.sharing(times)
  }
}
