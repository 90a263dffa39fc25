public import TensorCore

/// As `AlphaDropout`, for whole maps: all cells of a sample's channel share one unit. torch
/// `FeatureAlphaDropout`.
public struct FeatureAlphaDropout: UnitwiseDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "feature-alpha"
  public let summary = "as alpha, whole maps at a time (torch FeatureAlphaDropout)"
  public let takesScaling = false
  public func units(of layout: Layout) -> Layout { SpatialDropout().units(of: layout) }
  public func transfer(rate: Rate, scaling: Scaling) -> Transfer { .alpha(rate) }
  public func settings(rate: Rate, layout: Layout) -> String { alphaSettings(name, rate) }
}
