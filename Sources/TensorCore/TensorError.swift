/// A tensor operation that cannot be done with what it was given.
///
/// One error for the whole core: which operation, what it needed, what it got. Its description is
/// one line, fit to be shown to a person as it stands.
public struct TensorError: Error, Equatable, CustomStringConvertible {
  /// What was being done, in the user's words: `Conv`, `reshape`, `rate`.
  public var operation: String
  /// What the operation needs, e.g. `4 dimensions [N,C,H,W]`.
  public var expected: String
  /// What it was given, e.g. `[1,784]`.
  public var found: String
  /// Whether it failed for want of memory or took too much work, and not because what it was given makes no sense.
  public var exceedsBudget = false

  /// Creates an error; the three parts read as `operation: expected …, found …`.
  public init(_ operation: String, expected: String, found: String) {
    self.operation = operation
    self.expected = expected
    self.found = found
  }

  public var description: String { "\(operation): expected \(expected), found \(found)" }
}
