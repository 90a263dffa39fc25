import Studies

/// What a text on the screen is about.
public enum Highlight: Hashable, Sendable {
  /// A panel.
  case panel(Place)
  /// Words, wherever the screen says them.
  case words(String)

  /// A panel by the name that scripts have for it.
  public enum Place: String, CaseIterable, Hashable, Sendable {
    case clean, mask, result, channels, input, rate, meters, cell, header, tabs, keys
  }

  /// Reads a panel's name, or words in quotes.
  /// - Throws: `ScriptError` with the nearest panel where it is neither.
  public init(parsing text: String) throws(ScriptError) {
    if let panel = Place(rawValue: text) {
      self = .panel(panel)
    } else if text.hasPrefix("\""), let words = ScriptText.read(text), !words.isEmpty {
      self = .words(words)
    } else {
      let nearest = nearestNames(to: text, among: Place.allCases.map(\.rawValue), limit: 3)
      throw ScriptError(
        expected: "words in quotes, or a panel, nearest: \(nearest.joined(separator: ", "))",
        found: text.orNothing)
    }
  }

  /// What `init(parsing:)` reads.
  var scriptText: String {
    switch self {
    case .panel(let panel): panel.rawValue
    case .words(let words): ScriptText.quoted(words)
    }
  }
}
