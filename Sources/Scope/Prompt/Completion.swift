/// The words that fit what was typed, gone through one by one; past the last, what was typed comes
/// back.
struct Completion: Hashable, Sendable {
  /// The words that fit.
  let candidates: [String]
  /// The one taken; nil for what was typed.
  private(set) var index: Int?
  /// Where the word begins.
  let start: Int
  private let typed: String

  /// The words that fit the text before the cursor: those that begin with it, else those that hold
  /// it. Nil where none does.
  init?(_ typed: String, at start: Int, among words: [String]) {
    let beginning = words.filter { $0.hasPrefix(typed) }
    let lower = typed.lowercased()
    candidates =
      beginning.isEmpty ? words.filter { $0.lowercased().contains(lower) } : beginning
    guard !candidates.isEmpty else { return nil }
    (self.typed, self.start) = (typed, start)
  }

  /// The word in the line now.
  var word: String { index.map { candidates[$0] } ?? typed }

  /// Goes so many words on.
  mutating func move(by step: Int) {
    let places = candidates.count + 1
    let place = ((index ?? candidates.count) + step + places) % places
    index = place == candidates.count ? nil : place
  }
}
