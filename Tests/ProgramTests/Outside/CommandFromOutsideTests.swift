import ArgumentParser
import Testing

@testable import Program

/// Counts: a command that only this file knows.
private struct Count: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "count", abstract: "Counts to a number.")

  @Option(help: "The number.") var limit = 3
}

/// A command is one file and one line: here both are the test's own.
@Suite struct CommandFromOutsideTests {
  @Test func itRunsHelpsAndIsSuggested() throws {
    try Dropscope.$added.withValue([Count.self]) {
      let command = try Dropscope.command(["count", "--limit", "5"])
      #expect((command as? Count)?.limit == 5)
      #expect(Dropscope.helpMessage().contains("count                   Counts to a number."))
      try UsageText.checkHelp(["help", "count"])
      #expect(try line(["cuont"]).contains("nearest: count"))
      #expect(try line(["count", "--limt", "5"]).contains("nearest: --limit"))
      #expect(MadeText.commands.text.contains("`count`"))
    }
    #expect(throws: (any Error).self) { try Dropscope.command(["count", "--limit", "5"]) }
  }

  /// What is said of words that make no sense.
  private func line(_ words: [String]) throws -> String {
    UsageText.line(for: ValidationError("none"), words)
  }
}
