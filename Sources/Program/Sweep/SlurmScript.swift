import Scope

/// A job array for Slurm: a task for each chunk of lines, ready for `sbatch`.
struct SlurmScript {
  let folder: String
  let lines: Int
  /// Lines a task.
  let chunk: Int

  /// Tasks of the array.
  var tasks: Int { (lines + chunk - 1) / chunk }

  /// The script. A task that is told to end (preempted, requeued, near its time limit) has its run keep a
  /// checkpoint; when it is started again it goes on from there. `DROPSCOPE` names the program where it
  /// is not on the path.
  var text: String {
    """
    #!/bin/bash
    #SBATCH --job-name=dropscope
    #SBATCH --array=1-\(tasks)
    #SBATCH --ntasks=1
    #SBATCH --cpus-per-task=1
    #SBATCH --requeue
    #SBATCH --output=\(SlurmScript.escaped(folder))/slurm-%a.log
    #SBATCH --open-mode=append
    #SBATCH --signal=B:USR1@60
    # \(lines) runs, \(chunk) a task. Submit: sbatch \(ShellWords.joined(["\(folder)/sweep.sbatch"]))
    dir=\(ShellWords.joined([folder]))
    first=$(((SLURM_ARRAY_TASK_ID - 1) * \(chunk) + 1))
    last=$((first + \(chunk) - 1))
    [ "$last" -le \(lines) ] || last=\(lines)

    "${DROPSCOPE:-dropscope}" sweep run "$dir" --line "$first-$last" \\
      --threads "${SLURM_CPUS_PER_TASK:-1}" &
    run=$!
    # Told to end: the run keeps a checkpoint, and whoever requeues the task finds it.
    trap 'kill -TERM "$run"; wait "$run"; exit 143' TERM
    # A minute before the time limit: the same, and back into the queue.
    trap 'kill -TERM "$run"; wait "$run"
          scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"; exit 0' USR1
    wait "$run"

    """
  }

  /// A path in which Slurm sees no pattern.
  private static func escaped(_ text: String) -> String {
    text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
  }
}
