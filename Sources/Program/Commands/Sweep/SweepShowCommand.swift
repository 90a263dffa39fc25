import ArgumentParser
import CursesBackend
import Formats
import Scope
import Studies
import TerminalUI

/// `dropscope sweep show`: what a sweep says.
struct SweepShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a sweep: means over seeds with intervals, the gap, the best, the slope.",
    discussion: """
      On a terminal it opens on the sweep page; elsewhere a table is printed. -o writes it as .csv or \
      .json, or a picture as .svg, .png, .txt or .ans: curves over one parameter, a heat map over two.
      """)

  @Argument(help: ArgumentHelp("The folder that plan wrote.", valueName: "dir"))
  var folder: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A file to write; - is standard output, as JSON.", valueName: "file"))
  var output: String?

  func run() throws {
    let folder = SweepFolder(path: folder)
    let facts = TerminalFacts.current()
    if output == nil, facts.isInputTerminal, facts.isOutputTerminal, !facts.isDumb {
      return try open(folder)
    }
    let merge = try SweepMerge(folder)
    let report = merge.report
    guard let output else {
      for problem in merge.problems { Terminal.writeError("dropscope: warning: \(problem)\n") }
      return try Terminal.write(lines: SweepText(report).lines)
    }
    try SweepText(report).write(to: output, from: folder.source)
  }

  /// The sweep page, with the maps of the network that is trained behind it.
  private func open(_ folder: SweepFolder) throws {
    var config = Config.ofUser()
    let base = try folder.readHead().plan.base
    // A recipe that is no built-in model has no weights to look at before a run kept some.
    let name = base["recipe"]?.description ?? ""
    let model = BuiltIns.modelNames.contains(name) ? ["--model", name] : []
    let options = try ViewOptions.parse(["--sweep", folder.path] + model)
    let view = try options.open(&config)
    try ScreenSession(view, ScreenOptions.parse([]), config, page: .sweep).run()
  }
}
