public import TensorCore

/// Whole columns: the cells of one column of a map share one unit. Keras `Dropout` with
/// `noise_shape` `(N, C, 1, W)`. Of a sequence `[N,T,F]` a column is a feature.
public struct ColumnDropout: UnitwiseDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "column"
  public let summary = "whole columns of a map (Keras noise_shape)"
  public func units(of layout: Layout) -> Layout {
    layout.sharing([layout.rowAxis].compactMap { $0 })
  }
}
