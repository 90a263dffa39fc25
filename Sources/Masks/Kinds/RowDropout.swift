public import TensorCore

/// Whole rows: the cells of one row of a map share one unit. Keras `Dropout` with `noise_shape`
/// `(N, C, H, 1)`. Of a sequence `[N,T,F]` a row is a time step.
public struct RowDropout: UnitwiseDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "row"
  public let summary = "whole rows of a map (Keras noise_shape)"
  public func units(of layout: Layout) -> Layout {
    layout.sharing([layout.columnAxis].compactMap { $0 })
  }
}
