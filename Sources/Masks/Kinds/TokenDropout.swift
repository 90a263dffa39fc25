public import TensorCore

/// Whole words: all features of a sample's token share one unit, each occurrence by itself. Keras
/// `Dropout` with `noise_shape` `(N, T, 1)`; the word dropout of Iyyer et al. 2015 (Deep Unordered
/// Composition).
public struct TokenDropout: UnitwiseDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "token"
  public let summary = "whole words: all features of a token at once (Iyyer 2015)"

  /// - Throws: `TensorError` where the layout has no axis of times or tokens.
  public func units(of layout: Layout) throws(TensorError) -> Layout {
    _ = try layout.sequenceAxes(for: name)
    return layout.sharing(allBut: .sample, .time, .token)
  }
}
