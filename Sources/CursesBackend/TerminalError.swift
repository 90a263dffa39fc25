/// Why the screen cannot be used: the program prints plain text instead.
public struct TerminalError: Error, Equatable, CustomStringConvertible {
  /// One line: what was expected of the terminal and what was found.
  public let description: String
}
