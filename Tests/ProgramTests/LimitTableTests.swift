import Foundation
import TestSupport
import Testing

/// The article on limits names tests that exist.
@Suite struct LimitTableTests {
  @Test func everyTestNamedIsThere() throws {
    let page = try Repository.text("\(Catalog.folder)/Limits.md")
    let names = page.matches(of: /`(\w+Tests)\/(\w+)`/).map { (suite: $0.1, test: $0.2) }
    #expect(names.count > 30)
    var sources: [String] = []
    let folder = Repository.path("Tests")
    for case let name as String in FileManager.default.enumerator(atPath: folder)!
    where name.hasSuffix("Tests.swift") {
      sources.append(try Repository.text("Tests/\(name)"))
    }
    for (suite, test) in names {
      let own = sources.filter {
        $0.contains("struct \(suite) {") || $0.contains("struct \(suite):")
      }
      let declaration = own.compactMap { source in
        source.ranges(of: "func \(test)(").first.map { source[..<$0.lowerBound].suffix(1600) }
      }.first
      // What stands before it, back to the test before, marks it as one.
      #expect(declaration?.contains("@Test") == true, "\(suite)/\(test)")
    }
  }

  /// The table of exit codes is the program's.
  @Test func everyExitCodeIsThere() throws {
    let page = try Repository.text("\(Catalog.folder)/Limits.md")
    let codes = try Repository.text("Sources/Program/Failure.swift").matches(
      of: /case \w+ = (\d+)/
    )
    .map { String($0.1) }
    #expect(codes.count >= 6)
    for code in codes { #expect(page.contains("\n| \(code) | "), "\(code)") }
  }
}
