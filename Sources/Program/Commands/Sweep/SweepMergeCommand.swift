import ArgumentParser
import Formats
import Studies

/// `dropscope sweep merge`: the table of all runs.
struct SweepMergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Write DIR/table.csv: a row a run, in the plan's order.",
    discussion: """
      Runs that are missing or whose results are damaged are listed, and the table is of the others; a \
      damaged result ends with 65. training_accuracy is with dropout off, as held_out_accuracy is: their \
      difference is the gap.
      """)

  @Argument(help: ArgumentHelp("The folder that plan wrote.", valueName: "dir"))
  var folder: String

  func run() throws {
    let folder = SweepFolder(path: folder)
    let merge = try SweepMerge(folder)
    try FileBytes.write(Array(merge.table.csv.utf8), to: folder.table)
    for problem in merge.problems { Terminal.writeError("dropscope: warning: \(problem)\n") }
    let count = TrainingText.grouped(merge.table.rows.count)
    try Terminal.write(
      lines: [
        "written: \(folder.table) (\(count) of \(TrainingText.grouped(merge.head.lines)) runs)"
      ]
    )
    guard merge.damaged.isEmpty else {
      throw Failure(
        .badData,
        "\(folder.path): expected whole results, found damaged ones of lines "
          + "\(SweepMerge.ranges(merge.damaged)); sweep run trains them again")
    }
  }
}
