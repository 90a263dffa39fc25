import Studies
public import TerminalUI

extension InputEvent {
  /// Keys that make no character one can see, by the names they have in a file of keys.
  private static let named: [(name: String, key: InputEvent)] = [
    ("Space", " "), ("Enter", .key(.enter)), ("Esc", .key(.escape)), ("Tab", .key(.tab)),
    ("BackTab", .key(.backTab)), ("Backspace", .key(.backspace)), ("Delete", .key(.delete)),
    ("Up", .key(.up)), ("Down", .key(.down)), ("Left", .key(.left)), ("Right", .key(.right)),
    ("Home", .key(.home)), ("End", .key(.end)), ("PageUp", .key(.pageUp)),
    ("PageDown", .key(.pageDown)), ("Ctrl-PgUp", .key(.previousTab)),
    ("Ctrl-PgDn", .key(.nextTab)),
  ]

  /// What a key name may be, for messages.
  static let keyNames = "a character, \(named.map(\.name).joined(separator: ", ")), F1 or Ctrl-A"

  /// The key of a name: a character, `Space`, `PageUp`, `F5`, `Ctrl-G`. Nil for names of no key, and
  /// for letters that a terminal cannot tell from other keys when held with Ctrl.
  public init?(keyName name: String) {
    let scalars = Array(name.unicodeScalars)
    if scalars.count == 1, scalars[0].properties.generalCategory != .control {
      self =
        InputEvent.named.first { $0.key == .character(scalars[0]) }?.key
        ?? .character(scalars[0])
      return
    }
    let lower = name.lowercased()
    if let known = InputEvent.named.first(where: { $0.name.lowercased() == lower }) {
      self = known.key
    } else if lower.hasPrefix("f"), let number = Int(lower.dropFirst()), (1...63).contains(number) {
      self = .key(.function(number))
    } else if lower.hasPrefix("ctrl-"), let letter = lower.unicodeScalars.dropFirst(5).first,
      lower.unicodeScalars.count == 6, ("a"..."z").contains(letter),
      // The codes of Backspace, Tab, line feed and Enter.
      !["h", "i", "j", "m"].contains(letter)
    {
      self = .control(letter)
    } else {
      return nil
    }
  }

  /// The name of a key, which `init(keyName:)` reads back. Nil for what is no key.
  public var keyName: String? {
    if let known = InputEvent.named.first(where: { $0.key == self }) { return known.name }
    switch self {
    case .character(let scalar): return String(Character(scalar))
    case .control(let letter): return "Ctrl-\(letter.properties.uppercaseMapping)"
    case .key(.function(let number)): return "F\(number)"
    default: return nil
    }
  }
}
