import Studies
public import TerminalUI

extension Keymap {
  /// A table of bindings with the chosen keys. Bindings left without a key are gone; a label stays
  /// as written where nothing changed.
  public func applied(to bindings: [Binding]) -> [Binding] {
    keys.isEmpty ? bindings : bindings.compactMap(applied(to:))
  }

  private func applied(to binding: Binding) -> Binding? {
    var pairs: [(InputEvent, Action)] = []
    var placed: Set<String> = []
    var isChanged = false
    for (key, action) in zip(binding.keys, binding.actions) {
      guard let name = action.name, let chosen = keys[name],
        Bindings.defaultKeys[name]?.contains(key) == true
      else {
        pairs.append((key, action))
        continue
      }
      isChanged = true
      if placed.insert(name).inserted { pairs += chosen.map { ($0, action) } }
    }
    guard isChanged else { return binding }
    guard !pairs.isEmpty else { return nil }
    // Ctrl-C always quits, so it need not take room where another key does too.
    let shown = pairs.map(\.0).filter { pairs.count == 1 || $0 != Bindings.alwaysQuits }
    let label = shown.compactMap(\.keyName).joined(separator: " ")
    return Binding(label, binding.help, hint: binding.hint, pairs)
  }
}

extension Bindings {
  /// The key that quits whatever a file of keys says.
  static let alwaysQuits = InputEvent.control("c")

  /// The names of all actions that keys can be chosen for, in the order of the help.
  public static var names: [String] {
    var seen: Set<String> = []
    return remappable.flatMap(\.actions).compactMap(\.name).filter { seen.insert($0).inserted }
  }

  /// The built-in keys of each action, by its name.
  public static var defaultKeys: [String: [InputEvent]] {
    Page.added.isEmpty ? keysOfBuiltIns : keys(of: tables(Page.all))
  }

  private static let keysOfBuiltIns = keys(of: tables(Page.builtIn))

  private static func keys(of tables: [[Binding]]) -> [String: [InputEvent]] {
    var keys: [String: [InputEvent]] = [:]
    for table in tables {
      // What an action is bound to in a further table besides is particular to that table.
      var found: [String: [InputEvent]] = [:]
      for binding in table {
        for (key, action) in zip(binding.keys, binding.actions) where key != alwaysQuits {
          if let name = action.name { found[name, default: []].append(key) }
        }
      }
      keys.merge(found) { first, _ in first }
    }
    return keys
  }

  /// What the actions of a name do, in a few words.
  public static func help(for name: String) -> String? {
    remappable.first { $0.actions.contains { $0.name == name } }?.help
  }

  /// All tables of keys in whose modes no text is typed.
  private static func tables(_ pages: [Page]) -> [[Binding]] {
    [
      maps(pages), always, painting, comparing, layers, help, inspector, grid, palette, code,
      lesson,
    ] + pages.map { $0.bindings() }
  }

  private static var remappable: [Binding] { tables(Page.all).flatMap { $0 } }
}
