import Foundation
import TestSupport

/// The DocC catalog, and the other pages that people read.
enum Catalog {
  /// Its folder.
  static let folder = "Sources/dropscope/Documentation.docc"

  /// The page that the others hang from.
  static let landing = "\(folder)/dropscope.md"

  /// The paths of its articles, sorted.
  static let articles: [String] = names.filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }

  /// All pages whose commands, paths and links are tested.
  static let pages =
    articles + ["README.md", ".github/CONTRIBUTING.md", "Sources/ARCHITECTURE.md"]

  private static var names: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: Repository.path(folder)))?.sorted() ?? []
  }
}

/// A page taken apart.
struct Page {
  let path: String
  let text: String

  /// - Throws: what Foundation throws where it cannot be read.
  init(_ path: String) throws {
    (self.path, text) = (path, try Repository.text(path))
  }

  /// The lines of shell between fences, those that end in a backslash joined with the next.
  var commands: [String] {
    var commands: [String] = []
    var isShell = false
    var begun = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isShell = !isShell && line == "```sh"
      } else if isShell, line.hasSuffix("\\") {
        begun += line.dropLast()
      } else if isShell {
        commands.append(begun + line)
        begun = ""
      }
    }
    return commands
  }

  /// What stands between `<!-- made NAME -->` and the next `<!-- end -->`, by name.
  var made: [String: Range<String.Index>] {
    var made: [String: Range<String.Index>] = [:]
    for match in text.matches(of: /<!-- made ([a-z-]+) -->\n/) {
      let rest = text[match.range.upperBound...]
      let end = rest.range(of: "<!-- end -->")?.lowerBound ?? rest.endIndex
      made[String(match.1)] = match.range.upperBound..<end
    }
    return made
  }
}
