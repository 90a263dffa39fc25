import ArgumentParser

/// `dropscope sweep`: many trainings, planned, run anywhere, and brought together.
struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Plan many trainings, run them here or on a cluster, and merge what they come to.",
    discussion: """
      A plan is TOML: what all runs share, seeds = […], and a [grid] of values or a list of [[run]]:

        recipe = "digits"
        images = 1000
        epochs = 6
        seeds = [1, 2, 3]
        [grid]
        "rate dropout1" = [0, 0.25, 0.5]

      dropscope sweep plan FILE.toml -o DIR writes a line a run to DIR/plan.jsonl. A line says all there \
      is to say of its run: whatever trains it, wherever and in whatever order, writes the same bytes.

      Exit codes: 64 usage, 65 bad data, 66 missing input, 73 cannot write.
      """,
    subcommands: [
      SweepPlanCommand.self, SweepRunCommand.self, SweepMergeCommand.self, SweepShowCommand.self,
      SweepBestCommand.self, SweepSearchCommand.self,
    ])
}
