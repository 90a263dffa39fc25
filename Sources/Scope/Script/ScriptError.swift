/// What is wrong with a script, or with one line of it.
public struct ScriptError: Error, Equatable {
  /// The line, from 1; 0 where only a part of a line was read.
  public var line = 0
  /// What should be there.
  public var expected: String
  /// What is there.
  public var found: String
}
