import Masks
import Studies
import TerminalUI

/// The palette: everything there is to do by its plain name, narrowed down by what is typed.
public struct Finder: Hashable, Sendable {
  /// What is typed so far.
  public internal(set) var text = ""
  /// The marked line of those that fit.
  public internal(set) var selected = 0

  /// Something to do.
  struct Item: Sendable {
    /// What it is called.
    let title: String
    /// The keys that do it, or what is typed for it.
    let keys: String
    /// Does it.
    let actions: [Action]
  }

  /// What fits what is typed: each of its words is in the title, in any order.
  func items(_ state: State) -> [Item] {
    let words = ListRows.words(text)
    return Finder.all(state).filter { ListRows.fits($0.title, words) }
  }

  /// All there is to do: pages, the keys of the maps, kinds and commands.
  private static func all(_ state: State) -> [Item] {
    let pages = Page.all.map { page in
      Item(
        title: "\(page.title): \(page.summary)", keys: String(Character(page.letter)),
        actions: [.openPage(page.name)])
    }
    let pageActions = Set(Page.all.map { Action.togglePage($0.name) })
    let maps = Item(
      title: "Maps: clean, mask and after dropout", keys: "", actions: [.openPage(nil)])
    let bindings = state.keymap.applied(to: Bindings.maps + Bindings.always).filter { binding in
      !binding.actions.contains(where: pageActions.contains)
        && !binding.actions.contains(.openFinder)
    }
    let keys = bindings.map { binding in
      Item(
        title: binding.help, keys: binding.label, actions: binding.actions.first.map { [$0] } ?? [])
    }
    let kinds = KindRegistry.names.map { name in
      Item(
        title: "Kind: \(name) dropout", keys: ":kind \(name)",
        actions: [.openPrompt("kind \(name)"), .submit])
    }
    let commands = Command.all.map { command in
      Item(
        title: "Set \(command.name): \(command.argument)", keys: ":\(command.name)",
        actions: [.openPrompt(command.name + (command.argument.isEmpty ? "" : " "))])
    }
    let lessons = state.lessons.enumerated().map { index, lesson in
      Item(
        title: "Lesson \(index + 1): \(lesson.title)", keys: "learn \(index + 1)",
        actions: [.lesson(.begin(lesson.name))])
    }
    return [maps] + pages + lessons + keys + kinds + commands
  }
}

extension State {
  /// Narrows the palette down.
  mutating func change(_ finder: Finder, _ edit: (inout Finder) -> Void) {
    var finder = finder
    edit(&finder)
    finder.selected = min(max(0, finder.selected), max(0, finder.items(self).count - 1))
    overlay = .finder(finder)
  }

  /// Does what is marked in the palette.
  mutating func choose(_ finder: Finder) -> [Effect] {
    let items = finder.items(self)
    guard items.indices.contains(finder.selected) else { return [] }
    uncover()
    return items[finder.selected].actions.flatMap { update($0) }
  }
}

extension Bindings {
  /// What works in the palette; all else narrows it down.
  public static let finder: [Binding] =
    typing(enter: "do it", enterHelp: "do it", escape: "leave", escapeHelp: "leave it")
}
