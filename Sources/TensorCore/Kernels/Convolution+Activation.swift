extension Convolution {
  /// What is done to each result while it is at hand.
  public enum Activation: Hashable, Sendable {
    /// Nothing.
    case none
    /// max(y, 0); NaN stays NaN.
    case relu
  }
}
