import Formats
import Foundation
import TestSupport
import Testing

/// Sweeps that are stopped, killed, or worked on by several at once: nothing is lost.
@Suite struct SweepProcessTests: SweepFolders {
  @Test(arguments: ["TERM", "KILL"]) func goesOnToTheSameBits(signal: String) throws {
    try TemporaryFolder.with { folder in
      let long = """
        recipe = "sigmoid-numpy"
        images = 300
        holdout = 20
        epochs = 180
        batch = 4
        """
      let (a, b) = (try planned("a", in: folder, long), try planned("b", in: folder, long))
      _ = try run(["run", a])
      // Killed without a word once there is a checkpoint, two seconds after it began.
      let wait = "\(b)/results/0000/" + (signal == "KILL" ? "1.state" : ".1.json.lock")
      let stopped = try Program.stopped(
        "$ds sweep run \(b) --line 1 >\(folder.path("out")) 2>&1", by: signal,
        once: "[ -e \(wait) ]", for: ".5", output: "\(b)/results/0000")
      #expect([143, 137].contains(stopped.status), "\(stopped.status) \(stopped.err)")
      #expect(FileBytes.isFile("\(b)/results/0000/1.state"))
      _ = try run(["run", b, "--threads", "1"])
      #expect(try results(a) == results(b))
    }
  }

  @Test func twoWorkersOnOneLine() throws {
    try TemporaryFolder.with { folder in
      let long =
        "recipe = \"sigmoid-numpy\"\nimages = 300\nbatch = 4\nepochs = 2000\nseeds = [1, 2]"
      let out = try planned("s", in: folder, long)
      let result = try Program.shell(
        """
        $ds sweep run \(out) --line 1 >/dev/null 2>&1 & pid=$!
        echo $pid
        until [ -e \(out)/results/0000/.1.json.lock ] || ! kill -0 $pid; do sleep .02; done
        $ds sweep run \(out) --line 1; echo status=$?
        kill -TERM $pid; wait $pid; echo end=$?
        """)
      let pid = try #require(result.out.split(separator: "\n").first)
      #expect(result.out.contains("status=73") && result.out.contains("end=143"), "\(result.out)")
      #expect(
        result.err.contains("results/0000/1.json: cannot write: process \(pid) is writing it"),
        "\(result.err)")
    }
  }

  @Test func aDamagedCheckpointIsToldAndPassedOver() throws {
    try TemporaryFolder.with { folder in
      let (a, b) = (try planned("a", in: folder), try planned("b", in: folder))
      _ = try run(["run", a, "--line", "2"])
      _ = try run(["run", b, "--line", "1"])
      try folder.write("dropscope state 1\nand no more", "b/results/0000/2.state")
      let told = try run(["run", b, "--line", "2"])
      #expect(
        told.err.contains("2.state") && told.err.hasSuffix("the run is begun anew\n"), "\(told.err)"
      )
      #expect(try results(a)["2.json"] == results(b)["2.json"])
      #expect(!FileBytes.isFile("\(b)/results/0000/2.state"))
    }
  }

  /// Of several processes one that is killed is told, and its line is left to the next.
  @Test func aWorkerThatIsKilledIsTold() throws {
    try TemporaryFolder.with { folder in
      let long =
        "recipe = \"sigmoid-numpy\"\nimages = 300\nbatch = 4\nepochs = 2000\nseeds = [1, 2]"
      let out = try planned("s", in: folder, long)
      let result = try Program.shell(
        """
        $ds sweep run \(out) --jobs 2 --threads 1 2>\(folder.path("err")) & pid=$!
        until [ -e \(out)/results/0000/.1.json.lock ] && [ -e \(out)/results/0000/.2.json.lock ] ||
          ! kill -0 $pid; do sleep .02; done
        set -- $(cat /proc/$pid/task/$pid/children)
        kill -KILL $1; sleep .5; kill -TERM $2; wait $pid; echo end=$?
        """)
      #expect(result.out.contains("end=70"), "\(result.out)\(result.err)")
      #expect(
        try String(contentsOfFile: folder.path("err"), encoding: .utf8)
          == "dropscope: a worker was ended by signal 9\n")
    }
  }

  /// A signal to the one process that was started reaches all of them.
  @Test func aSignalReachesEveryWorker() throws {
    try TemporaryFolder.with { folder in
      let long =
        "recipe = \"sigmoid-numpy\"\nimages = 300\nbatch = 4\nepochs = 2000\nseeds = [1, 2]"
      let out = try planned("s", in: folder, long)
      let result = try Program.shell(
        """
        $ds sweep run \(out) --jobs 2 --threads 1 & pid=$!
        until [ -e \(out)/results/0000/.1.json.lock ] && [ -e \(out)/results/0000/.2.json.lock ] ||
          ! kill -0 $pid; do sleep .02; done
        sleep .5; kill -TERM $pid; wait $pid; echo end=$?
        """)
      #expect(result.out.contains("end=143"), "\(result.out)\(result.err)")
      let left = try FileManager.default.contentsOfDirectory(atPath: "\(out)/results/0000").sorted()
      #expect(left == ["1.state", "2.state"], "\(left)")
    }
  }

  /// A result that cannot be written is none, and the next run makes it.
  @Test func aFullDiskLosesNothing() throws {
    try TemporaryFolder.with { folder in
      let (a, b) = (try planned("a", in: folder), try planned("b", in: folder))
      _ = try run(["run", a, "--line", "1"])
      // What is said goes to a pipe, which has no limit.
      let full = try Program.shell(
        "trap '' XFSZ; (ulimit -f 0; $ds sweep run \(b) --line 1; echo status=$?) 2>&1 | cat")
      #expect(full.out.contains("1.json: cannot write"), "\(full.out)")
      #expect(full.out.hasSuffix("status=73\n"), "\(full.out)")
      #expect(try results(b).isEmpty)
      _ = try run(["run", b, "--line", "1"])
      #expect(try results(a) == results(b))
    }
  }

  /// GNU parallel and xargs need nothing of ours but a line's number.
  @Test func xargsIsEnough() throws {
    try TemporaryFolder.with { folder in
      let out = try planned("s", in: folder)
      let result = try Program.shell("seq 8 | xargs -P 2 -n 1 $ds sweep run \(out) --line")
      #expect(result.status == 0, "\(result.err)")
      #expect(try run(["merge", out]).out.contains("8 of 8 runs"))
    }
  }
}
