import Foundation
import NeuralNet
import TestSupport
import Testing

/// Texts as inputs of models that read words.
@Suite struct TextInputTests {
  /// A decoder of dates as a file; it has learned next to nothing.
  private func withModel(_ body: (TemporaryFolder, _ model: String) throws -> Void) throws {
    try TemporaryFolder.with { folder in
      let model = folder.path("dates.onnx")
      let trained = try Program.run(
        "train", "bahdanau", "--limit", "64", "--holdout", "10", "--epochs", "1", "-o", model)
      #expect(trained.status == 0, "\(trained.err)")
      #expect(trained.out.contains("64 dates, 10 held out"), "\(trained.out)")
      try body(folder, model)
    }
  }

  /// The page of a text, as text.
  private func page(_ folder: TemporaryFolder, _ arguments: String...) throws -> String {
    let result = try Program.run(
      ["render", "--page", "sequence", "-o", folder.path("page.txt")] + arguments)
    #expect(result.status == 0, "\(result.err)")
    return try String(contentsOfFile: folder.path("page.txt"), encoding: .utf8)
  }

  @Test func aTextInQuotesIsRead() throws {
    try withModel { folder, model in
      let shown = try page(folder, "3rd of May 2017", "--model", model)
      #expect(
        shown.contains("3 r d · o f · m a y · 2 0 1 7") && shown.contains("writes "), "\(shown)")
      // The text that the model brings, where none is given.
      #expect(try page(folder, "--model", model).contains("3 r d · o f · m a y · 2 0 1 7"))
      try folder.write("4 july 1976\n", "date.txt")
      let file = try page(folder, "--text", folder.path("date.txt"), "--model", model)
      #expect(file.contains("4 · j u l y · 1 9 7 6"), "\(file)")
    }
  }

  @Test func whatCannotBeReadIsOneLine() throws {
    try withModel { folder, model in
      let cases: [([String], Int32, String)] = [
        (
          ["3rd of märz", "--model", model], 65,
          "text: expected letters of the model's vocabulary, found 'ä'"
        ),
        (["", "--model", model], 64, "expected a text, found an empty one"),
        (["--text", folder.path("no.txt"), "--model", model], 66, "no.txt: "),
        (
          ["4 july", "--text", folder.path("no.txt"), "--model", model], 64,
          "--text: expected no other input, found 4 july"
        ),
        (["--text", "x.txt", "--model", "none"], 64, "--text: expected a model, found none"),
      ]
      for (arguments, status, message) in cases {
        let result = try Program.run(["render", "-o", folder.path("x.txt")] + arguments)
        #expect(result.status == status, "\(arguments): \(result.status) \(result.err)")
        #expect(result.err.contains(message), "\(result.err)")
        #expect(result.err.split(separator: "\n").count == 1, "\(result.err)")
      }
    }
  }

  /// Another vocabulary in place of the model's own.
  @Test func aVocabularyCanBeGiven() throws {
    try withModel { folder, model in
      let words = DatePairs.letters.words.map { $0 == "7" ? "Z" : $0 }
      try folder.write(Vocabulary(words: words).text, "vocabulary.txt")
      let shown = try page(
        folder, "3rd of may 201Z", "--model", model, "--vocabulary",
        folder.path("vocabulary.txt"))
      #expect(shown.contains("3 r d · o f · m a y · 2 0 1 Z"), "\(shown)")
    }
  }
}
