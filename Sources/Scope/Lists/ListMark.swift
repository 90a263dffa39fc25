/// Where one is in a list: the marked row, or the first line seen, and what narrows the list down.
public struct ListMark: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// The number of the row in the whole list.
  public var row: Int
  /// What was typed after `/`; a row fits where it has each of its words.
  public var filter = ""
  /// Whether keys make letters of the filter.
  public var isFiltering = false

  /// A row of a whole list.
  public init(_ row: Int) { self.row = row }

  public init(integerLiteral row: Int) { self.init(row) }
}
