import Studies
import TerminalUI

/// A line of a file of keys: an action and the keys it is to have, none for no key at all.
public struct KeyChange: Sendable {
  /// The action's name.
  public let name: String
  /// The names of its keys.
  public let keys: [String]
  /// The line of the file, from 1.
  public let line: Int

  /// A line of a file of keys.
  public init(_ name: String, keys: [String], line: Int) {
    (self.name, self.keys, self.line) = (FormerNames.current(name), keys, line)
  }
}

/// Why a line of a file of keys was passed over.
public struct KeyProblem: Hashable, Sendable {
  /// The line of the file, from 1.
  public let line: Int
  /// One line of text.
  public let text: String
}

extension Bindings {
  /// The built-in bindings with changes made to them. A change that names no action or no key, or
  /// that would leave a key with two meanings at once, is passed over and reported; the others hold.
  public static func customised(by changes: [KeyChange]) -> (Keymap, problems: [KeyProblem]) {
    var problems: [KeyProblem] = []
    var accepted: [(change: KeyChange, keys: [InputEvent])] = []
    for change in changes {
      do {
        accepted.append((change, try keys(of: change)))
      } catch {
        problems.append(error)
      }
    }
    // Built-in keys do not clash.
    while !accepted.isEmpty {
      var keymap = Keymap()
      for (change, keys) in accepted { keymap.keys[change.name] = keys }
      guard let clash = firstClash(keymap) else { return (keymap, problems) }
      // The later line of the two gives way; then its built-in keys count again.
      let lines = accepted.indices.filter { clash.names.contains(accepted[$0].change.name) }
      guard let index = lines.max(by: { accepted[$0].change.line < accepted[$1].change.line })
      else { return (keymap, problems) }
      let change = accepted.remove(at: index).change
      let other = clash.names.first { $0 != change.name } ?? change.name
      problems.append(
        KeyProblem(
          line: change.line,
          text: "\(change.name): key \(clash.key.keyName ?? "?") is bound to \(other) already"))
    }
    return (Keymap(), problems)
  }

  private static func keys(of change: KeyChange) throws(KeyProblem) -> [InputEvent] {
    guard defaultKeys[change.name] != nil else {
      let nearest = nearestNames(to: change.name, among: names, limit: 3)
      throw KeyProblem(
        line: change.line,
        text: "no action \(change.name); nearest: \(nearest.joined(separator: ", "))")
    }
    var keys: [InputEvent] = []
    for name in change.keys where !name.isEmpty {
      guard let key = InputEvent(keyName: name) else {
        throw KeyProblem(
          line: change.line,
          text: "\(change.name): expected \(InputEvent.keyNames), found \(name)")
      }
      guard key != alwaysQuits else {
        guard change.name != "quit" else { continue }
        throw KeyProblem(line: change.line, text: "\(change.name): Ctrl-C always quits")
      }
      guard !keys.contains(key) else {
        throw KeyProblem(line: change.line, text: "\(change.name): key \(name) is there twice")
      }
      keys.append(key)
    }
    return keys
  }

  /// A key with two meanings in one mode of the screen.
  private static func firstClash(_ keymap: Keymap) -> (key: InputEvent, names: [String])? {
    let modes =
      [active(nil), active(nil, paints: true)] + State.Overlay.modes.map { active($0) }
    for mode in modes {
      var owners: [InputEvent: String] = [:]
      for binding in keymap.applied(to: mode) {
        for (key, action) in zip(binding.keys, binding.actions) {
          let name = action.name ?? ""
          if let owner = owners.updateValue(name, forKey: key), owner != name {
            return (key, [owner, name])
          }
        }
      }
    }
    return nil
  }
}

extension KeyProblem: Error {}
