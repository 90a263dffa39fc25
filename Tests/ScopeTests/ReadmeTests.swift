import Glibc
import Scope
import Testing

/// The README's table of keys has a row for every row of the table that keys, hints and help are
/// made from.
@Suite struct ReadmeTests {
  private static func readme() -> String? {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    guard let file = fopen("/\(root)/README.md", "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
  }

  @Test func everyBindingIsInTheTable() throws {
    let readme = try #require(Self.readme())
    let rows = readme.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { row in
      row.dropFirst(2).prefix { $0 != "|" }.filter { $0 != "`" }.split(separator: " ").sorted()
    }
    for binding in Bindings.maps + Bindings.always {
      let keys = binding.label.split(separator: " ").sorted()
      #expect(rows.contains(keys), "\(binding.label) is missing from the README")
    }
  }
}
