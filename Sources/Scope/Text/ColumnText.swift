/// Text in columns of the screen, one scalar a column.
extension String {
  /// With blanks behind it up to a width; longer text stays as it is.
  func padded(to width: Int) -> String { self + blanks(to: width) }

  /// With blanks before it up to a width.
  func aligned(to width: Int) -> String { blanks(to: width) + self }

  private func blanks(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - unicodeScalars.count))
  }
}
