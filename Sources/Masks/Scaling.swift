/// What makes up for the units that are gone.
public enum Scaling: String, CaseIterable, Sendable {
  /// Kept values × 1/(1−p) in training, nothing at evaluation: what libraries do today.
  case inverted
  /// Nothing in training, values × (1−p) at evaluation: Hinton 2012, Srivastava 2014.
  case weight
  /// Nothing at all, as in the fast.ai spreadsheet.
  case none
}

/// Whether dropout acts.
public enum Mode: String, CaseIterable, Sendable {
  /// Units are dropped.
  case train
  /// Every kind is the identity, but for the factor that `Scaling.weight` asks for.
  case eval
}
