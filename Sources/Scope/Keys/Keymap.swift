public import TerminalUI

/// The keys a person chose in place of the built-in ones; empty at first.
public struct Keymap: Hashable, Sendable {
  /// The keys of each action that has others than the built-in ones, by the action's name.
  public internal(set) var keys: [String: [InputEvent]] = [:]

  /// The built-in keys.
  public init() {}
}
