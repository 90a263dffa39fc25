/// The size of a screen.
public struct ScreenSize: Hashable, Sendable {
  /// Columns.
  public var width: Int
  /// Rows.
  public var height: Int
  /// A size in columns and rows.
  public init(width: Int, height: Int) { (self.width, self.height) = (width, height) }
}
