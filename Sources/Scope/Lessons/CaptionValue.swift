import Studies

/// A number, or a word, that texts of scripts can name: `{dropped}`. It is read from the state at the
/// moment it is shown.
public struct CaptionValue: Sendable {
  /// The name.
  public let name: String
  /// What follows the name.
  public let argument: Argument
  /// What it is, for documents.
  public let meaning: String
  /// How it is written; nil where it is not known yet.
  let text: @Sendable (State, String) -> String?

  /// What can follow a name.
  public enum Argument: String, Sendable {
    /// Nothing.
    case none = ""
    /// A whole number from 1.
    case count = "N"
    /// A layer.
    case layer = "LAYER"
  }

  init(
    _ name: String, _ meaning: String, _ text: @escaping @Sendable (State) -> String?
  ) {
    (self.name, argument, self.meaning) = (name, .none, meaning)
    self.text = { state, _ in text(state) }
  }

  init(
    _ name: String, count meaning: String, _ text: @escaping @Sendable (State, Int) -> String?
  ) {
    (self.name, argument, self.meaning) = (name, .count, meaning)
    self.text = { state, argument in Int(argument).flatMap { text(state, $0) } }
  }

  init(
    _ name: String, layer meaning: String, _ text: @escaping @Sendable (State, String) -> String?
  ) {
    (self.name, argument, self.meaning) = (name, .layer, meaning)
    self.text = text
  }

  /// The value of a name.
  /// - Throws: `ScriptError` with the nearest names where there is none.
  static func named(_ name: String) throws(ScriptError) -> CaptionValue {
    if let value = all.first(where: { $0.name == name }) { return value }
    let nearest = nearestNames(to: name, among: all.map(\.name), limit: 3)
      .map { "{\($0)}" }.joined(separator: ", ")
    throw ScriptError(expected: "a number's name, nearest: \(nearest)", found: "{\(name)}")
  }

  /// Checks what follows the name.
  /// - Throws: `ScriptError` where it is not what belongs there.
  func check(_ text: String) throws(ScriptError) {
    let isRight =
      switch argument {
      case .none: text.isEmpty
      case .count: Int(text).map { (1...ActionForm.largest).contains($0) } ?? false
      case .layer: !text.isEmpty
      }
    guard isRight else {
      throw ScriptError(
        expected: argument == .none ? "{\(name)}" : "{\(name) \(argument.rawValue)}",
        found: text.isEmpty ? "{\(name)}" : "{\(name) \(text)}")
    }
  }
}
