import Testing

/// A part of an article that is made from what the program itself reads: a table of a registry. It
/// stands in one article between `<!-- made NAME -->` and `<!-- end -->`.
struct MadeText: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String

  /// Text as it is to stand there, without empty lines around it.
  init(_ name: String, _ text: String) { (self.name, self.text) = (name, text) }

  /// A table; what follows it is a sentence or nothing.
  init(_ name: String, _ columns: [String], _ rows: [[String]], then sentence: String? = nil) {
    let lines = [columns, columns.map { _ in "---" }] + rows
    let table = lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    self.init(name, table + (sentence.map { "\n\n" + $0 } ?? ""))
  }

  /// All of them.
  static let all: [MadeText] =
    keys + [
      kinds, rules, operators, recipes, losses, optimizers, placementColumns, commands, settings,
      promptCommands, scriptNames, scriptForms, builtIns, lessons, captionValues,
      meters, studies,
    ]

  var testDescription: String { name }
}

extension String {
  /// As code in a cell of a table.
  var asCode: String { "`\(escapedForTable)`" }

  /// As words in a cell of a table: what would part cells or begin a tag is escaped.
  var asWords: String {
    var text = escapedForTable
    for (mark, escape) in [("<", "&lt;"), ("*", "\\*"), ("_", "\\_")] {
      text = text.split(separator: mark, omittingEmptySubsequences: false).joined(separator: escape)
    }
    return text
  }

  private var escapedForTable: String {
    split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}
