public import TensorCore

/// A sample's whole branch: all its cells share one unit. Huang et al. 2016, stochastic depth
/// (arXiv:1603.09382); timm `DropPath`; torchvision `StochasticDepth` with mode `row`.
public struct PathDropout: UnitwiseDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "path"
  public let summary = "a sample's whole branch: stochastic depth (Huang 2016)"
  public func units(of layout: Layout) -> Layout { layout.sharing(allBut: .sample) }
}
