import Formats
import Foundation
import TestSupport
import Testing

@testable import Program

/// A sweep as a job array of a real Slurm of one machine, which `Tests/Scripts/slurm_of_one.sh` starts where Debian's
/// `slurm-wlm` and `munge` are there; it takes root.
@Suite struct SlurmTests {
  private static let isThere =
    FileManager.default.fileExists(atPath: "/usr/sbin/slurmctld") && getuid() == 0

  /// Ten runs that take seconds, so that they can be told to end in their middle, and thirty that do not.
  private static let plan = """
    recipe = "sigmoid-numpy"
    images = 200
    holdout = 20
    batch = 4
    seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

    [[run]]
    epochs = 120
    "rate dropout1" = 0

    [[run]]
    epochs = 4
    "rate dropout1" = 0.25

    [[run]]
    epochs = 4
    "rate dropout1" = 0.5

    [[run]]
    epochs = 4
    "rate dropout1" = 0.75
    """

  @Test func theScriptIsShell() throws {
    try TemporaryFolder.with { folder in
      let script = SlurmScript(folder: "/a b/it's 100%", lines: 41, chunk: 4)
      #expect(script.tasks == 11)
      #expect(script.text.contains("#SBATCH --array=1-11\n"))
      #expect(script.text.contains("#SBATCH --output=/a b/it's 100%%/slurm-%a.log\n"))
      // What the last task hands to the program, which only prints it here.
      try folder.write(script.text, "sweep.sbatch")
      let run = try Subprocess(
        URL(filePath: "/bin/bash"),
        [
          "-c",
          """
          words() { printf '[%s]' "$@"; }; export -f words
          SLURM_ARRAY_TASK_ID=11 DROPSCOPE=words bash '\(folder.path("sweep.sbatch"))'
          """,
        ])
      #expect(
        run.out == "[sweep][run][/a b/it's 100%][--line][41-41][--threads][1]", "\(run)")
    }
  }

  /// 40 runs, of which some are requeued while they train.
  @Test(.enabled(if: isThere, "needs Slurm (.ci/deps tests) and root"))
  func anArrayWithRequeuedTasksGivesTheSameTable() throws {
    try TemporaryFolder.with { folder in
      let slurm = Repository.path("Tests/Scripts/slurm_of_one.sh")
      try folder.write(Self.plan, "plan.toml")
      for name in ["here", "there"] {
        let planned = try Program.run(
          "sweep", "plan", folder.path("plan.toml"), "--slurm", "-o", folder.path(name))
        #expect(planned.status == 0, "\(planned.err)")
      }
      let run = try Subprocess(
        URL(filePath: "/bin/bash"),
        [
          slurm, folder.path("slurm"), "bash", "-c",
          """
          cd '\(folder.path)' || exit 1
          export DROPSCOPE='\(Program.url.path())' XDG_CONFIG_HOME=/nonexistent
          job=$(sbatch --parsable there/sweep.sbatch) || exit 1
          # Some in the middle: what runs is told to end, and is back in the queue.
          requeued=0
          for round in 1 2 3; do
            sleep 2
            for task in $(squeue -h -t R -o %i -j "$job" | head -2); do
              scontrol requeue "$task" && requeued=$((requeued + 1))
            done
          done
          echo "requeued $requeued"
          # And one that is cancelled for good, and its lines handed in again.
          sleep 2
          task=
          while [ -z "$task" ] && [ -n "$(squeue -h -j "$job")" ]; do
            sleep .2
            task=$(squeue -h -t R -o %i -j "$job" | head -1)
          done
          scancel "$task" && echo cancelled
          again=$(sbatch --parsable there/sweep.sbatch)
          until [ -z "$(squeue -h -j "$job,$again" 2>/dev/null)" ]; do sleep 1; done
          grep -l 'stopped; run it again' there/slurm-*.log | wc -l
          """,
        ])
      if run.status == 77 {
        // Not ours to mend: a machine on which its daemons do not start.
        print("skipped: Slurm does not start here: \(run.err)")
        return
      }
      #expect(run.status == 0, "\(run.out)\(run.err)")
      let requeued = try #require(run.out.firstMatch(of: /requeued (\d+)/).flatMap { Int($0.1) })
      #expect(requeued >= 2 && run.out.contains("cancelled"), "\(run.out)\(run.err)")
      // Told to end, they kept what they had, and said so: one at least, for some were only beginning.
      let stopped = run.out.split(separator: "\n").last.flatMap { Int($0) }
      #expect(stopped ?? 0 >= 1, "\(run.out)\(run.err)")
      let here = try Program.run("sweep", "run", folder.path("here"), "--jobs", "2")
      #expect(here.status == 0, "\(here.err)")
      for name in ["here", "there"] {
        let merged = try Program.run("sweep", "merge", folder.path(name))
        #expect(merged.status == 0 && merged.err.isEmpty, "\(name): \(merged.err)")
        #expect(merged.out.contains("40 of 40 runs"))
      }
      #expect(
        try FileBytes.read(folder.path("here/table.csv"))
          == FileBytes.read(folder.path("there/table.csv")))
    }
  }
}
