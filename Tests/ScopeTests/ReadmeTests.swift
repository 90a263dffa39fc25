import Scope
import Testing
import TestSupport

/// The README's table of keys has a row for every row of the table that keys, hints and help are
/// made from.
@Suite struct ReadmeTests {
  @Test func everyBindingIsInTheTable() throws {
    let readme = try Repository.text("README.md")
    let rows = readme.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { row in
      row.dropFirst(2).prefix { $0 != "|" }.filter { $0 != "`" }.split(separator: " ").sorted()
    }
    for binding in Bindings.maps + Bindings.always {
      let keys = binding.label.split(separator: " ").sorted()
      #expect(rows.contains(keys), "\(binding.label) is missing from the README")
    }
  }
}
