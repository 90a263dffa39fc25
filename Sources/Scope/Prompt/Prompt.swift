import Studies

/// A line being typed, with a cursor in it. Characters are counted by scalar: the screen gives each
/// one column.
public struct Prompt: Hashable, Sendable, ExpressibleByStringLiteral {
  /// What is typed so far.
  public var text: String { String(String.UnicodeScalarView(scalars)) }
  /// How many characters stand before the cursor.
  public private(set) var cursor: Int
  /// The words gone through with Tab; nil where none are.
  var completion: Completion?
  /// The line of the history shown, and what was typed before it was; nil for a line of one's own.
  var recall: Recall?

  private var scalars: [Unicode.Scalar]

  /// A line of the history in place of one's own.
  struct Recall: Hashable, Sendable {
    /// Which line, from the oldest.
    var index: Int
    /// What stood there before.
    var draft: String
  }

  /// A line with the cursor after its last character.
  public init(_ text: String = "") {
    scalars = Array(text.unicodeScalars)
    cursor = scalars.count
  }

  public init(stringLiteral text: String) { self.init(text) }

  /// What stands before the cursor.
  public var head: String { String(String.UnicodeScalarView(scalars[..<cursor])) }
  /// What stands after it.
  public var tail: String { String(String.UnicodeScalarView(scalars[cursor...])) }
  /// Whether nothing is typed.
  public var isEmpty: Bool { scalars.isEmpty }

  /// Puts text in at the cursor.
  mutating func insert(_ text: String) {
    replace(cursor..<cursor, with: text)
  }

  /// Takes the character before the cursor away.
  mutating func eraseBefore() {
    replace(max(0, cursor - 1)..<cursor, with: "")
  }

  /// Moves the cursor or takes text away.
  mutating func edit(_ edit: PromptEdit) {
    switch edit {
    case .left: move(to: cursor - 1)
    case .right: move(to: cursor + 1)
    case .start: move(to: 0)
    case .end: move(to: scalars.count)
    case .deleteAfter: replace(cursor..<min(cursor + 1, scalars.count), with: "")
    case .deleteWord: replace(wordStart..<cursor, with: "")
    case .deleteToStart: replace(0..<cursor, with: "")
    case .complete, .completeBack, .older, .newer: break
    }
  }

  /// Puts text in place of some characters, the cursor after it.
  mutating func replace(_ range: Range<Int>, with text: String) {
    let new = Array(text.unicodeScalars)
    scalars.replaceSubrange(range, with: new)
    cursor = range.lowerBound + new.count
    (completion, recall) = (nil, nil)
  }

  private mutating func move(to place: Int) {
    cursor = min(max(0, place), scalars.count)
    completion = nil
  }

  /// Where the word before the cursor begins, the blanks after it included.
  private var wordStart: Int {
    var start = cursor
    while start > 0, scalars[start - 1] == " " { start -= 1 }
    while start > 0, scalars[start - 1] != " " { start -= 1 }
    return start
  }
}

/// What keys do to the line being typed, beside putting characters in.
public enum PromptEdit: String, CaseIterable, Sendable {
  /// A character to the left.
  case left
  /// A character to the right.
  case right
  /// To the line's first character.
  case start
  /// Behind the line's last character.
  case end
  /// Takes the character after the cursor away.
  case deleteAfter = "delete"
  /// Takes the word before the cursor away.
  case deleteWord = "delete-word"
  /// Takes everything before the cursor away.
  case deleteToStart = "delete-to-start"
  /// Completes the word, or goes to the next one that fits.
  case complete
  /// Goes to the previous word that fits.
  case completeBack = "complete-back"
  /// An earlier line.
  case older
  /// A later line.
  case newer
}
