import ArgumentParser
import Foundation
import Program
import Scope
import TestSupport
import Testing

/// What pages tell people to type and to look at exists.
@Suite struct PageTests {
  @Test func theReadmeIsShort() throws {
    let lines = try Repository.text("README.md").split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 151)
  }

  /// Continuous integration runs the very command that README names.
  @Test func theTestCommandIsOne() throws {
    let command = try #require(
      try Page("README.md").commands.first { $0.contains("swift test") })
    #expect(try Repository.text(".ci/run").contains("\n\(command)\n"))
  }

  /// Every `dropscope …` between fences is one that the program takes: its options and their values.
  @Test(arguments: Catalog.pages)
  func commandsAreUnderstood(path: String) throws {
    for command in try Page(path).commands {
      guard let arguments = try Self.arguments(of: command) else { continue }
      do {
        _ = try Dropscope.parseAsRoot(arguments)
      } catch {
        // Help, versions and completions end the reading of options too.
        #expect(Dropscope.exitCode(for: error) == .success, "\(path): \(command): \(error)")
      }
    }
  }

  @Test func someCommandsAreFound() throws {
    let commands = try Catalog.pages.flatMap { try Page($0).commands }
    #expect(try commands.compactMap(Self.arguments(of:)).count > 30)
  }

  /// Files and folders of the package that a page names.
  @Test(arguments: Catalog.pages)
  func pathsAreThere(path: String) throws {
    let names = try Page(path).text.matches(
      of: /\b(?:Tests|Sources|assets)\/[\w\-+.\/]*\w|\.(?:ci|github)\/\w[\w.]*\w/)
    for name in Set(names.map { String($0.output) }) {
      #expect(FileManager.default.fileExists(atPath: Repository.path(name)), "\(path): \(name)")
    }
  }

  /// Links from one page to another, where the page lies.
  @Test(arguments: ["README.md", ".github/CONTRIBUTING.md", "Sources/ARCHITECTURE.md"])
  func linksLeadSomewhere(path: String) throws {
    let folder = path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
    for match in try Page(path).text.matches(of: /\]\(([^)#:]+)\)/) {
      let target = Repository.path(folder + match.1)
      #expect(FileManager.default.fileExists(atPath: target), "\(path): \(match.1)")
    }
  }

  /// The words behind `dropscope` in a line of shell; nil where it runs something else.
  private static func arguments(of command: String) throws -> [String]? {
    guard command.hasPrefix("dropscope ") else { return nil }
    // Comments may hold quotes that nothing closes.
    let line = command.range(of: " #").map { String(command[..<$0.lowerBound]) } ?? command
    var words = try #require(ShellWords.split(line), "\(command)")
    if let end = words.firstIndex(where: { [">", "|", "&&"].contains($0) }) {
      words.removeSubrange(end...)
    }
    return Array(words.dropFirst())
  }
}
