import Glibc
import Testing
import TestSupport

/// The table of requirements names tests that exist.
@Suite struct RequirementTableTests {
  @Test func everyTestNamedIsThere() throws {
    let table = try Repository.text("Tests/REQUIREMENTS.md")
    let names = table.matches(of: /`(\w+)\/(\w+)`/).map { (suite: $0.1, test: $0.2) }
    #expect(names.count > 45)
    for number in 1...15 { #expect(table.contains("\n| \(number) |")) }
    for suite in Set(names.map(\.suite)) {
      let folders = [
        "ScopeTests", "TerminalUITests", "CursesBackendTests", "ProgramTests",
        "ProgramTests/Terminals", "StudiesTests", "FormatsTests",
      ]
      let sources = folders.compactMap { try? Repository.text("Tests/\($0)/\(suite).swift") }
      let source = try #require(sources.first, "no file \(suite).swift")
      for test in names.filter({ $0.suite == suite }).map(\.test) {
        let declaration = source.ranges(of: "func \(test)(").first
        #expect(declaration != nil, "\(suite)/\(test)")
        if let declaration {
          // What stands before it, back to the test before, marks it as one.
          let before = source[..<declaration.lowerBound]
          let start = before.ranges(of: "  func ").last?.upperBound ?? before.startIndex
          #expect(before[start...].contains("@Test"), "\(test)")
        }
      }
    }
  }
}
