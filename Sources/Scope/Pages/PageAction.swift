/// Something that a page alone does: what its keys and words of scripts stand for. The page lists it in
/// `Page.actions`, and it is an `Action` as `.ofPage(…)`.
public struct PageAction: Sendable {
  /// What files of keys and scripts call it.
  let name: String
  /// What the number is that it takes, as scripts' help says it; nil where it takes none.
  let number: String?
  /// Names of their own for some numbers.
  let words: KeyValuePairs<String, Int>
  /// Does it, with its number, which is 0 where it takes none.
  let run: @Sendable (inout State, Int) -> Void

  /// An action without a number.
  public init(_ name: String, _ run: @escaping @Sendable (inout State) -> Void) {
    (self.name, number, words) = (name, nil, [:])
    self.run = { state, _ in run(&state) }
  }

  /// An action with a number.
  /// - Parameters:
  ///   - number: what it is, in capitals
  ///   - words: names of their own for numbers that keys stand for
  public init(
    _ name: String, _ number: String, words: KeyValuePairs<String, Int>,
    _ run: @escaping @Sendable (inout State, Int) -> Void
  ) {
    (self.name, self.number, self.words, self.run) = (name, number, words, run)
  }
}

extension PageAction: Hashable {
  public static func == (a: PageAction, b: PageAction) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
