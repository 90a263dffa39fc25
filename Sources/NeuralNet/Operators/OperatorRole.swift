/// What an operator is for in a network, where that matters to where dropout can sit.
public enum OperatorRole: Sendable {
  /// Sums over windows with learned weights.
  case convolution
  /// Sums over all features with learned weights.
  case dense
  /// A nonlinearity, element by element.
  case activation
  /// One number for a window, or for a whole map.
  case pool
  /// Shifts and scales by statistics.
  case normalization
  /// Brings several values together: where modules and branches meet.
  case merge
  /// The same elements in another shape or order.
  case reshape
  /// Makes probabilities of logits.
  case probability
  /// Dropout of the model's own.
  case dropout
  /// Anything else.
  case other
}
