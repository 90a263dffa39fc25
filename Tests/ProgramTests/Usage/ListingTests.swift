import Formats
import Foundation
import Masks
import NeuralNet
import Testing

@testable import Program

/// What the program knows by name, as tables and as JSON.
@Suite struct ListingTests {
  private func objects(_ words: [String]) throws -> [[String: Any]] {
    let run = try Program.run(words)
    #expect(run.status == 0 && run.err.isEmpty, "\(run.err)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(run.out.utf8)) as? [[String: Any]])
  }

  private func names(_ subject: Listing.Subject) -> [String] {
    switch subject {
    case .kinds: KindRegistry.names
    case .rules: RuleRegistry.names
    case .recipes: RecipeRegistry.all.map(\.name)
    case .models: BuiltIns.modelNames
    case .digits: BuiltIns.digitNames
    case .operators: OperatorRegistry.standard.all.map { $0.opType }
    }
  }

  @Test(arguments: Listing.Subject.allCases) func listsAreTheRegistries(
    subject: Listing.Subject
  ) throws {
    let rows = try objects(["info", "--list", subject.rawValue, "--json"])
    #expect(rows.map { $0["name"] as? String } == names(subject))
    let keys = try Listing(subject).columns
    #expect(rows.allSatisfy { Set($0.keys) == Set(keys) })
    // The table has a line a row under its headings, in the same order.
    let table = try Program.run("info", "--list", subject.rawValue)
    let lines = table.out.split(separator: "\n")
    #expect(lines.count == rows.count + 1 && lines[0].hasPrefix("name"))
    for (line, name) in zip(lines.dropFirst(), names(subject)) {
      #expect(line.hasPrefix(name) && line.last != " ", "\(line)")
    }
  }

  @Test func recipesHaveWhatTheirTextSays() throws {
    let rows = try objects(["train", "--list", "--json"])
    let listed = try objects(["info", "--list", "recipes", "--json"])
    #expect(rows as NSArray == listed as NSArray)
    let text = try Program.run("train", "--list").out
    for (row, recipe) in zip(rows, RecipeRegistry.all) {
      #expect(row["input_shape"] as? [Int] == recipe.inputShape)
      #expect(
        row["batch_size"] as? Int == recipe.batchSize && row["epochs"] as? Int == recipe.epochs)
      for key in ["name", "summary", "source", "optimizer"] {
        let words = try #require(row[key] as? String)
        #expect(text.contains(words), "\(words)")
      }
    }
  }

  /// Keys of `info` are spelt out beside those of before.
  @Test func infoHasBothKeys() throws {
    let run = try Program.run("info", "digits", "--json")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(run.out.utf8)) as? [String: Any])
    #expect(report["operator_set"] as? Int == report["opset"] as? Int && report["opset"] is Int)
    let nodes = try #require(report["nodes"] as? [[String: Any]])
    #expect(nodes.allSatisfy { $0["operator"] as? String == $0["op"] as? String })
    #expect(nodes.contains { $0["operator"] as? String == "Conv" })
    let own = try #require(report["dropout"] as? [[String: Any]])
    #expect(own.map { $0["rate"] as? Double } == [0.25, 0.5])
    #expect(own.map { $0["ratio"] as? Double } == [0.25, 0.5])
  }
}
