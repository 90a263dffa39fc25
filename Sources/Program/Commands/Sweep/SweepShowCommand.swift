import ArgumentParser
import Formats
import Studies
import TerminalUI

/// `dropscope sweep show`: what a sweep says.
struct SweepShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a sweep: means over seeds with intervals, the gap, the best, the slope.",
    discussion: """
      Without -o a table is printed. -o writes it as .csv or .json, or a picture as .svg, .png, .txt or \
      .ans: curves over one parameter, a heat map over two.
      """)

  @Argument(help: ArgumentHelp("The folder that plan wrote.", valueName: "dir"))
  var folder: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A file to write; - is standard output, as JSON.", valueName: "file"))
  var output: String?

  func run() throws {
    let merge = try SweepMerge(SweepFolder(path: folder))
    let summary = SweepSummary(merge.table)
    let text = SweepText(summary, merge.head)
    guard let output else {
      for problem in merge.problems { Terminal.writeError("dropscope: warning: \(problem)\n") }
      return try Terminal.write(lines: text.lines)
    }
    let kind = try OutputKind(
      output, among: [.csv, .json] + OutputKind.frames, standardOutput: .json)
    switch kind {
    case .json: try OutputKind.write(try JSONFile.bytes(summary), to: output)
    case .csv: try OutputKind.write(Array(text.csv.utf8), to: output)
    default:
      try OutputKind.write(
        try kind.bytes(of: SweepChart(summary, merge.head).picture()), to: output)
    }
  }
}
