public import TensorCore

/// Rows of an embedding's table: every occurrence of a word in the batch is dropped together, Gal &
/// Ghahramani 2016 (arXiv:1512.05287); Merity et al. 2017 (arXiv:1708.02182), fastai's
/// `EmbeddingDropout`.
public struct EmbeddingDropout: ParameterDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "embedding"
  public let summary = "words of a vocabulary: every occurrence at once (Gal 2016)"
  public let target = Target.embedding

  /// A unit for each row.
  public func units(of layout: Layout) -> Layout {
    layout.sharing(allBut: .channel)
  }
}
