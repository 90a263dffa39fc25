import Foundation
import TestSupport
import Testing

/// The articles of the catalog say what the program's registries say. One after the other: several are
/// recorded in one file.
@Suite(.serialized) struct CatalogTests {
  /// RECORD=1 writes what changed, and fails, so that it is looked at before it counts.
  @Test(arguments: MadeText.all)
  func whatIsMadeFromRegistriesIsUpToDate(made: MadeText) throws {
    let pages = try Catalog.articles.map(Page.init).filter { $0.made[made.name] != nil }
    try #require(pages.count == 1, "<!-- made \(made.name) --> stands in \(pages.count) articles")
    let (page, place) = (pages[0], try #require(pages[0].made[made.name]))
    let expected = "\n\(made.text)\n\n"
    guard page.text[place] != expected else { return }
    guard ProcessInfo.processInfo.environment["RECORD"] != nil else {
      Issue.record("\(page.path): \(made.name) is stale; RECORD=1 writes it:\(expected)")
      return
    }
    let text = page.text.replacingCharacters(in: place, with: expected)
    try Data(text.utf8).write(to: URL(filePath: Repository.path(page.path)))
    Issue.record("recorded \(made.name) in \(page.path); look at it and run again")
  }

  @Test func everyMarkIsOfAMadeText() throws {
    let names = MadeText.all.map(\.name)
    #expect(Set(names).count == names.count)
    for page in try Catalog.articles.map(Page.init) {
      for name in page.made.keys { #expect(names.contains(name), "\(page.path): \(name)") }
      let marks = page.text.ranges(of: "<!-- made ").count
      #expect(page.text.ranges(of: "<!-- end -->").count == marks, "\(page.path)")
    }
  }

  @Test func everyArticleHangsFromTheLandingPage() throws {
    let landing = try Page(Catalog.landing).text
    #expect(Catalog.articles.count > 8)
    for path in Catalog.articles where path != Catalog.landing {
      let name = path.split(separator: "/").last?.dropLast(3) ?? ""
      #expect(landing.contains("- <doc:\(name)>"), "\(path)")
    }
  }
}
