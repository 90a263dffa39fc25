import Scope
import TerminalUI

extension MadeText {
  /// A table for the maps, and one for each page and list with keys of its own.
  static let keys: [MadeText] =
    [keyTable("keys-maps", Bindings.maps + Bindings.always)]
    + Scope.Page.all.map { keyTable("keys-\($0.name)", $0.bindings()) }
    + [
      keyTable("keys-lesson", Bindings.lesson),
      keyTable("keys-grid", Bindings.grid),
      keyTable("keys-layers", Bindings.layers),
      keyTable("keys-filtering", Bindings.filtering), keyTable("keys-code", Bindings.code),
      keyTable("keys-inspector", Bindings.inspector),
      keyTable("keys-comparing", Bindings.comparing),
      keyTable("keys-painting", Bindings.painting),
      keyTable("keys-prompt", Bindings.prompt),
      keyTable("keys-palette", Bindings.finder),
    ]

  /// The bindings with what they do and their actions' names. Those that do the same on the maps are
  /// named below the table.
  private static func keyTable(_ name: String, _ bindings: [Binding]) -> MadeText {
    let isMaps = name == "keys-maps"
    func isOfMaps(_ binding: Binding) -> Bool {
      !isMaps
        && Bindings.maps.contains {
          ($0.label, $0.help) == (binding.label, binding.help) && $0.actions == binding.actions
        }
    }
    let own = bindings.filter { !isOfMaps($0) }
    let shared = bindings.filter(isOfMaps)
    return MadeText(
      name, ["key", "what it does", "action"],
      own.map { [label($0.label), $0.help.asWords, actions($0)] },
      then: shared.isEmpty
        ? nil : "As on the maps: " + shared.map { label($0.label) }.joined(separator: ", ") + ".")
  }

  /// `+ -` with each key as code; ranges and words for several keys stay words.
  private static func label(_ label: String) -> String {
    label.split(separator: " ").map { word in
      ["…", "arrows"].contains(word) ? String(word) : String(word).asCode
    }.joined(separator: " ")
  }

  private static func actions(_ binding: Binding) -> String {
    var names: [String] = []
    for name in binding.actions.compactMap(\.name) where !names.contains(name) {
      names.append(name)
    }
    if names.count > 6, let first = names.first, let last = names.last {
      return "\(first.asCode) … \(last.asCode)"
    }
    return names.map(\.asCode).joined(separator: " ")
  }
}
