import ArgumentParser
import Scope
import Studies

/// The page that is opened first: a name of the registry, or `maps`.
struct PageOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The page shown first: \(PageOption.names.joined(separator: ", ")) (default: maps).",
      valueName: "name"), completion: .list(PageOption.names))
  var page: String?

  /// The names of all pages.
  static var names: [String] { ["maps"] + Page.all.map(\.name.text) }

  /// The page that was named; nil for the maps.
  /// - Throws: `Failure` that names the nearest where there is none of that name.
  var chosen: Page? {
    get throws {
      guard let page, page != "maps" else { return nil }
      guard let found = Page.named(page) else { throw Failure(unknownPage: page) }
      return found
    }
  }
}

extension Failure {
  fileprivate init(unknownPage name: String) {
    let nearest = nearestSuffix(for: name, among: PageOption.names)
    let names = PageOption.names.joined(separator: ", ")
    self.init(
      usage: "--page: expected \(names), found \(name.isEmpty ? "nothing" : name)\(nearest)")
  }
}
