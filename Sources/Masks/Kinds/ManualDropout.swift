public import TensorCore

/// The user's own mask. The field is not asked; the rate only sets the scale of what is kept.
public struct ManualDropout: DropoutKind {
  /// The user's mask; nil keeps everything.
  public var painted: Mask?

  /// The kind with a mask, or none yet.
  public init(_ painted: Mask? = nil) { self.painted = painted }
  public let name = "manual"
  public let summary = "the mask you bring or paint"
  public let followsRate = false
  public func units(of layout: Layout) -> Layout { layout }

  /// The user's mask as it is.
  /// - Throws: `TensorError` where it was made for another layout.
  public func mask(_ field: Field, rate: Rate, layout: Layout) throws(TensorError) -> Mask {
    guard let painted else { return Mask(layout: layout) }
    guard painted.layout.shape == layout.shape else {
      throw TensorError("mask", expected: "the layer's shape \(layout)", found: "\(painted.layout)")
    }
    return Mask(layout: layout, kept: painted.kept, noise: painted.noise)
  }

  /// The share of the user's mask that is dropped, always.
  public func realisedLaw(rate: Rate, layout: Layout) throws(TensorError) -> RealisedLaw {
    guard let painted, painted.layout.count > 0 else { return RealisedLaw(always: 0) }
    return RealisedLaw(always: Double(painted.dropped) / Double(painted.layout.count))
  }
}
