import Formats
import Foundation
import TestSupport
import Testing

@testable import Program

/// Tables that are written by hand, because they say more than a registry knows.
@Suite struct ArticleTests {
  private static func article(_ name: String) throws -> String {
    try Repository.text("\(Catalog.folder)/\(name).md")
  }

  /// The rows of the first table with these columns, a cell each.
  private static func rows(_ columns: String, in article: String) throws -> [[String]] {
    let start = try #require(article.range(of: "\n\(columns)\n")).upperBound
    return article[start...].split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { $0.hasPrefix("|") }.dropFirst()
      .map { row in
        row.dropFirst().dropLast().replacing("\\|", with: "/").split(
          separator: "|", omittingEmptySubsequences: false
        ).map { $0.trimmingCharacters(in: .whitespaces) }
      }
  }

  private static func codes(_ cell: String) -> [String] {
    cell.matches(of: /`([^`]+)`/).map { String($0.1) }
  }

  @Test func everyKeyOfTheMetersFileHasARow() throws {
    let article = try Self.article("Meters")
    let rows = try ["| key | what it is |", "| key | on the screen | what it is |"].flatMap {
      try Self.rows($0, in: article)
    }
    let told = rows.flatMap { Self.codes($0[0]) }
    #expect(Set(told).count == told.count)
    try TemporaryFolder.with { folder in
      // A file that knows its label, so that there is one.
      let digit = folder.path("digit.csv")
      let pixels = (0..<784).map { "\($0 % 256)" }.joined(separator: ",")
      try "label,\((0..<784).map { "pixel\($0)" }.joined(separator: ","))\n7,\(pixels)\n"
        .write(toFile: digit, atomically: true, encoding: .utf8)
      let path = folder.path("meters.json")
      let result = try Program.run("export", digit, "--stage", "meters", "-o", path)
      #expect(result.status == 0, "\(result.err)")
      let file = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
      let keys = try #require(file as? [String: Any]).keys
      #expect(keys.sorted() == told.sorted())
    }
  }

  @Test func everyFormatIsInTheTable() throws {
    let rows = try Self.rows("| what | read | written |", in: Self.article("Formats"))
    let (read, written) = (rows.map { $0[1] }.joined(), rows.map { $0[2] }.joined())
    let readable = FileKind.readable.matches(of: /[A-Z]{3,}/).map { String($0.output) }
    #expect(readable.count >= 5)
    for name in readable + ["gzip", "ONNX"] { #expect(read.contains(name), "\(name)") }
    let screens = try #require(rows.first { $0[0] == "screens" })[2]
    for kind in OutputKind.frames {
      #expect(screens.contains(kind.rawValue.uppercased()), "\(kind)")
    }
    // What export writes it says itself.
    let refusal = try Program.run("export", "--stage", "clean", "-o", "x.nothing").err
    let ends = refusal.matches(of: /\.([a-z]{3,4})\b/).map { $0.1.uppercased() }
    #expect(ends.contains("NPY"), "\(refusal)")
    for end in ends { #expect(written.contains(end), "\(end)") }
  }

  @Test func everyStageIsNamed() throws {
    let stages = Export.Stage.allCases.map(\.rawValue).joined(separator: ", ")
    #expect(try Self.article("Formats").contains(stages))
  }

  /// What figures of speed are measured by is in the program that measures.
  @Test func everyBenchmarkIsThere() throws {
    let rows =
      try Self.rows("| what | benchmark | figure |", in: Self.article("Speed")).map { $0[1] }
      + Self.rows(
        "| what | dropscope | Keras 3.15, TensorFlow 2.21 | PyTorch 2.13 |",
        in: Self.article("Speed")
      ).map { $0[0] }
    let names = rows.flatMap(Self.codes)
    #expect(names.count > 12)
    let benchmarks = Program.url.deletingLastPathComponent().appending(path: "Benchmarks")
    let list = try Subprocess(benchmarks, ["list"]).out
      .split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
    for name in names { #expect(list.contains(name), "\(name)") }
  }
}
