public import TensorCore

/// Every element for itself: Srivastava et al. 2014; torch `Dropout`; Keras `Dropout`.
public struct ElementDropout: UnitwiseDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "element"
  public let summary = "each element by itself (Srivastava 2014)"
  public func units(of layout: Layout) -> Layout { layout }
}
