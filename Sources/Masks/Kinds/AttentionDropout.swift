public import TensorCore

/// Each probability of an attention by itself: Vaswani et al. 2017 (arXiv:1706.03762); torch
/// `MultiheadAttention(dropout:)`; Keras `MultiHeadAttention(dropout:)`. What is kept is scaled by 1/(1−p)
/// as everywhere; rows are not brought back to a sum of 1.
public struct AttentionDropout: UnitwiseDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "attention"
  public let summary = "each attention probability by itself (Vaswani 2017)"
  public let target = Target.attention
  public func units(of layout: Layout) -> Layout { layout }
}
