import ArgumentParser
import Scope
import Studies

/// `dropscope sweep best`: the setting that did best.
struct SweepBestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "best",
    abstract: "Print the setting with the highest mean accuracy held out.",
    discussion: """
      Beside it stand the settings whose mean lies within one standard error of it: between those the \
      sweep does not decide.
      """)

  @Argument(help: ArgumentHelp("The folder that plan wrote.", valueName: "dir"))
  var folder: String

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let merge = try SweepMerge(SweepFolder(path: folder))
    let (report, summary) = (merge.report, merge.report.summary)
    guard let best = summary.best else {
      throw Failure(.missingInput, "\(folder): expected a run that is finished, found none")
    }
    for problem in merge.problems { Terminal.writeError("dropscope: warning: \(problem)\n") }
    if json {
      let found = Best(
        parameters: summary.parameters, best: summary.settings[best],
        within: summary.withinOneError.filter { $0 != best }.map { summary.settings[$0] })
      return try OutputKind.write(try JSONFile.line(found), to: "-")
    }
    try Terminal.write(lines: SweepNotes.best(report))
  }

  /// What `--json` prints.
  private struct Best: Encodable {
    let parameters: [String]
    let best: SweepSummary.Setting
    let within: [SweepSummary.Setting]

    private enum CodingKeys: String, CodingKey {
      case parameters, best
      case within = "within_one_standard_error"
    }
  }
}
