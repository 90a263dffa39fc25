import Formats
import Foundation
import TestSupport
import Testing

@testable import Program

/// `dropscope sweep`, in runs of a fraction of a second.
@Suite struct SweepCommandTests {
  static let plan = """
    recipe = "sigmoid-numpy"
    images = 32
    holdout = 20
    epochs = 2
    seeds = [1, 2]

    [grid]
    "rate dropout1" = [0, 0.5]
    l2 = [0, 0.001]
    """

  private func run(_ arguments: [String], status: Int32 = 0) throws -> Subprocess {
    let result = try Program.run(["sweep"] + arguments)
    #expect(result.status == status, "\(arguments): \(result.out)\(result.err)")
    return result
  }

  private func shell(_ script: String) throws -> Subprocess {
    try Subprocess(
      URL(filePath: "/bin/sh"), ["-c", "ds='\(Program.url.path())'; export ds; \(script)"])
  }

  /// A plan in a folder of its own; the name of that folder.
  @discardableResult private func planned(
    _ name: String, in folder: TemporaryFolder, _ text: String = plan
  ) throws -> String {
    try folder.write(text, "plan.toml")
    let out = folder.path(name)
    _ = try run(["plan", folder.path("plan.toml"), "-o", out])
    return out
  }

  private func results(_ folder: String) throws -> [String: [UInt8]] {
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/results/0000")
    return Dictionary(
      uniqueKeysWithValues: try names.map {
        ($0, try FileBytes.read("\(folder)/results/0000/\($0)"))
      })
  }

  @Test func plansRunsAndMerges() throws {
    try TemporaryFolder.with { folder in
      let out = try planned("s", in: folder)
      let lines = try String(contentsOfFile: "\(out)/plan.jsonl", encoding: .utf8)
        .split(separator: "\n")
      #expect(lines.count == 8)
      #expect(
        lines[2]
          == #"{"data":"synthetic","epochs":2,"holdout":20,"images":32,"l2":0.001,"line":3,"#
          + #""rate dropout1":0,"recipe":"sigmoid-numpy","seed":1}"#)
      // The same plan again is no other one.
      try planned("s", in: folder)
      #expect(try run(["run", out, "--line", "3"]).out.hasPrefix("line 3: held out "))
      #expect(try run(["run", out, "--line", "3"]).out == "line 3: finished already\n")
      _ = try run(["run", out])
      #expect(try results(out).count == 8)
      let merged = try run(["merge", out])
      #expect(merged.err.isEmpty && merged.out.contains("8 of 8 runs"), "\(merged.err)")
      let table = try String(contentsOfFile: "\(out)/table.csv", encoding: .utf8)
        .split(separator: "\n").map(String.init)
      #expect(
        table[0]
          == "rate dropout1,l2,seed,training_accuracy,held_out_accuracy,held_out_loss")
      #expect(table.count == 9 && table[4].hasPrefix("0,0.001,2,"))
      // What a line says is what comes out, whoever reads it.
      let alone = try run(["run", "--json", String(lines[2])])
      func numbers(_ bytes: [UInt8]) throws -> [String: Double] {
        let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        return (object ?? [:]).compactMapValues { $0 as? Double }
      }
      let kept = try numbers(try #require(try results(out)["3.json"]))
      #expect(kept["held_out_loss"] != nil)
      #expect(try numbers(Array(alone.out.utf8)) == kept)
    }
  }

  /// Threads, processes, and the order of lines change no byte.
  @Test func resultsAreTheSameWhereverTheyAreMade() throws {
    try TemporaryFolder.with { folder in
      let (a, b, c) = (
        try planned("a", in: folder), try planned("b", in: folder), try planned("c", in: folder)
      )
      _ = try run(["run", a, "--threads", "1"])
      _ = try run(["run", b, "--jobs", "3", "--threads", "2"])
      for line in [8, 2, 5, 1, 7, 3, 6, 4] { _ = try run(["run", c, "--line", "\(line)"]) }
      #expect(try results(a) == results(b) && results(a) == results(c))
      for folder in [a, b, c] { _ = try run(["merge", folder]) }
      #expect(try FileBytes.read("\(a)/table.csv") == FileBytes.read("\(b)/table.csv"))
      #expect(try FileBytes.read("\(a)/table.csv") == FileBytes.read("\(c)/table.csv"))
    }
  }

  @Test(arguments: ["TERM", "KILL"]) func goesOnToTheSameBits(signal: String) throws {
    try TemporaryFolder.with { folder in
      let long = """
        recipe = "sigmoid-numpy"
        images = 300
        holdout = 20
        epochs = 16
        batch = 4
        """
      let (a, b) = (try planned("a", in: folder, long), try planned("b", in: folder, long))
      _ = try run(["run", a])
      // Killed without a word once there is a checkpoint, two seconds after it began.
      let wait = "\(b)/results/0000/" + (signal == "KILL" ? "1.state" : ".1.json.lock")
      let stopped = try shell(
        """
        $ds sweep run \(b) --line 1 >\(folder.path("out")) 2>&1 & pid=$!
        until [ -e \(wait) ]; do sleep .02; done; sleep .5
        kill -\(signal) $pid; wait $pid
        """)
      #expect([143, 137].contains(stopped.status), "\(stopped.status) \(stopped.err)")
      #expect(FileBytes.isFile("\(b)/results/0000/1.state"))
      _ = try run(["run", b, "--threads", "1"])
      #expect(try results(a) == results(b))
    }
  }

  @Test func whatIsMissingOrDamagedIsListed() throws {
    try TemporaryFolder.with { folder in
      let out = try planned("s", in: folder)
      _ = try run(["run", out, "--line", "2-5"])
      let merged = try run(["merge", out])
      #expect(
        merged.err == "dropscope: warning: 4 of 8 runs missing: 1, 6-8\n"
          && merged.out.contains("4 of 8 runs"), "\(merged.err)")
      try folder.write("{", "s/results/0000/3.json")
      let damaged = try run(["merge", out], status: 65)
      #expect(damaged.err.contains("1 results damaged: 3\n"), "\(damaged.err)")
      #expect(damaged.out.contains("3 of 8 runs"))
      // It is trained again.
      _ = try run(["run", out])
      #expect(try run(["merge", out]).err.isEmpty)
      #expect(try run(["best", out]).out.hasPrefix("best: rate dropout1 "))
    }
  }

  @Test func resultsOfAnotherPlanAreRefused() throws {
    try TemporaryFolder.with { folder in
      let out = try planned("s", in: folder)
      let other = try planned(
        "other", in: folder, Self.plan.replacingOccurrences(of: "0.001", with: "0.01"))
      _ = try run(["run", other, "--line", "3"])
      _ = try run(["run", out, "--line", "1"])
      try FileManager.default.copyItem(
        atPath: "\(other)/results/0000/3.json", toPath: "\(out)/results/0000/3.json")
      for command in [["merge", out], ["run", out], ["run", out, "--line", "3"], ["show", out]] {
        let result = try run(command, status: 65)
        #expect(result.err.contains("found another's"), "\(result.err)")
      }
      #expect(!FileBytes.isFile("\(out)/table.csv"))
      // Another plan does not take this one's place.
      let result = try run(["plan", folder.path("plan.toml"), "-o", out], status: 73)
      #expect(result.err.contains("expected no other plan there"), "\(result.err)")
      try folder.write("{}\n", "s/plan.jsonl")
      _ = try run(["merge", out], status: 65)
    }
  }

  @Test func twoWorkersOnOneLine() throws {
    try TemporaryFolder.with { folder in
      let long = "recipe = \"sigmoid-numpy\"\nimages = 300\nbatch = 4\nepochs = 500\nseeds = [1, 2]"
      let out = try planned("s", in: folder, long)
      let result = try shell(
        """
        $ds sweep run \(out) --line 1 >/dev/null 2>&1 & pid=$!
        echo $pid
        until [ -e \(out)/results/0000/.1.json.lock ]; do sleep .02; done
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
      let long = "recipe = \"sigmoid-numpy\"\nimages = 300\nbatch = 4\nepochs = 500\nseeds = [1, 2]"
      let out = try planned("s", in: folder, long)
      let result = try shell(
        """
        $ds sweep run \(out) --jobs 2 --threads 1 2>\(folder.path("err")) & pid=$!
        until [ -e \(out)/results/0000/.1.json.lock ] && [ -e \(out)/results/0000/.2.json.lock ]; do
          sleep .02
        done
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
      let long = "recipe = \"sigmoid-numpy\"\nimages = 300\nbatch = 4\nepochs = 500\nseeds = [1, 2]"
      let out = try planned("s", in: folder, long)
      let result = try shell(
        """
        $ds sweep run \(out) --jobs 2 --threads 1 & pid=$!
        until [ -e \(out)/results/0000/.1.json.lock ] && [ -e \(out)/results/0000/.2.json.lock ]; do
          sleep .02
        done
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
      let full = try shell(
        "trap '' XFSZ; (ulimit -f 0; $ds sweep run \(b) --line 1; echo status=$?) 2>&1 | cat")
      #expect(full.out.contains("1.json: cannot write"), "\(full.out)")
      #expect(full.out.hasSuffix("status=73\n"), "\(full.out)")
      #expect(try results(b).isEmpty)
      _ = try run(["run", b, "--line", "1"])
      #expect(try results(a) == results(b))
    }
  }

  /// A loss that is no number is what such a setting comes to.
  @Test func aRunThatDivergesIsAResult() throws {
    try TemporaryFolder.with { folder in
      let out = try planned(
        "s", in: folder,
        """
        recipe = "digits"
        images = 32
        holdout = 4
        epochs = 2
        batch = 8
        optimizer = "sgd"
        [grid]
        learning-rate = [0.01, 1e30]
        """)
      #expect(try run(["run", out]).out.contains("line 2: diverged in epoch 1, batch 2"))
      let merged = try run(["merge", out])
      #expect(merged.err == "dropscope: warning: 1 runs diverged: 2\n", "\(merged.err)")
      #expect(try run(["best", out]).out.contains("learning-rate 0.01"))
    }
  }

  @Test func showsWhatItSays() throws {
    try TemporaryFolder.with { folder in
      let out = try planned("s", in: folder)
      _ = try run(["run", out])
      let text = try run(["show", out]).out
      #expect(text.contains("held out") && text.contains("95 % interval") && text.contains("best"))
      for (name, start) in [
        ("a.svg", "<svg"), ("a.png", "\u{89}PNG"), ("a.csv", "rate dropout1,l2,seeds,diverged,"),
        ("a.json", "{"), ("a.txt", ""),
      ] {
        _ = try run(["show", out, "-o", folder.path(name)])
        let bytes = try FileBytes.read(folder.path(name))
        #expect(bytes.count > 100, "\(name)")
        let wanted = name == "a.png" ? [0x89, 0x50, 0x4E, 0x47] : Array(start.utf8)
        #expect(bytes.starts(with: wanted), "\(name)")
      }
      let picture = try String(contentsOfFile: folder.path("a.txt"), encoding: .utf8)
      #expect(picture.contains("rate dropout1 down, l2 across"), "\(picture)")
      let json = try JSONSerialization.jsonObject(with: Data(FileBytes.read(folder.path("a.json"))))
      let settings = (json as? [String: Any])?["settings"] as? [[String: Any]]
      #expect(settings?.count == 4 && settings?[0]["held_out_accuracy"] is Double)
      let best = try run(["best", out, "--json"]).out
      #expect(best.contains("\"held_out_accuracy\"") && best.split(separator: "\n").count == 1)
    }
  }

  /// Planned and merged in seconds: no line is read before it is its turn.
  @Test func tenThousandLines() throws {
    try TemporaryFolder.with { folder in
      let text = """
        recipe = "sigmoid-numpy"
        images = 32
        seeds = [\((1...100).map(String.init).joined(separator: ", "))]
        [grid]
        "rate dropout1" = [\((0..<10).map { "0.\($0)" }.joined(separator: ", "))]
        l2 = [\((0..<10).map { "0.0\($0)" }.joined(separator: ", "))]
        """
      let clock = ContinuousClock()
      let out = folder.path("s")
      let planning = try clock.measure { try planned("s", in: folder, text) }
      let sweep = SweepFolder(path: out)
      let lines = try sweep.readLines(checked: true)
      #expect(lines.count == 10_000)
      for number in stride(from: 1, through: 10_000, by: 1) {
        if number % 1000 == 1 { try sweep.makeFolder(number) }
        // What a run writes, without the run.
        let result =
          #"{"run":"\#(try lines[number].digest)","steps":1,"held_out":1,"data":{},"#
          + #""held_out_accuracy":0.5,"training_accuracy":1,"held_out_loss":1}"#
        try Data(result.utf8).write(to: URL(filePath: sweep.result(number)))
      }
      let merging = try clock.measure { _ = try run(["merge", out]) }
      let table = try String(contentsOfFile: "\(out)/table.csv", encoding: .utf8)
      #expect(table.split(separator: "\n").count == 10_001)
      #expect(planning < .seconds(20) && merging < .seconds(40), "\(planning), \(merging)")
    }
  }

  @Test func badPlansAreOneLine() throws {
    try TemporaryFolder.with { folder in
      for (text, message) in [
        ("recipe = digits", "line 1"), ("recipe = \"lenet\"", "found lenet"),
        ("images = 3", "expected a recipe or a model"),
        ("recipe = \"digits\"\nimages = 0", "images: expected 1 to"),
        ("recipe = \"digits\"\nimages = \"3\"", "images: expected 1 to"),
        ("recipe = \"digits\"\ncolour = 3", "found colour"),
        ("recipe = \"digits\"\nseeds = 3", "seeds: expected [1, 2, …]"),
        ("recipe = \"digits\"\nseeds = []", "seeds"),
        ("recipe = \"digits\"\nseeds = [-1]", "seeds"),
        ("recipe = \"digits\"\n[grid]\n\"rate here\" = [0.5]", "here"),
        ("recipe = \"digits\"\n[grid]\n\"rate dropout1\" = 0.5", "expected a list"),
        ("recipe = \"digits\"\n[grid]\n\"rate dropout1\" = [1.5]", "found 1.5"),
        (
          "recipe = \"digits\"\n[grid]\n\"kind relu1\" = [\"spatial\"]",
          "expected rate relu1 beside"
        ),
        ("recipe = \"digits\"\n[[run]]\nseed = 3", "seeds = […]"),
        ("recipe = \"digits\"\n[grid]\n\"width dense9\" = [3]", "found dense9"),
        ("recipe = \"digits\"\n[grid]\nbatch-norm = [\"none\"]", "batch-norm"),
      ] {
        try folder.write(text, "plan.toml")
        let result = try Program.run(
          "sweep", "plan", folder.path("plan.toml"), "-o", folder.path("s"))
        #expect([64, 65].contains(result.status), "\(text): \(result.status)")
        #expect(result.err.contains(message), "\(text): \(result.err)")
        #expect(result.err.split(separator: "\n").count == 1, "\(result.err)")
        #expect(!FileBytes.isFile(folder.path("s") + "/plan.jsonl"))
      }
      try folder.write(Self.plan, "small.toml")
      for (words, status, message) in [
        (["plan", "/nowhere.toml", "-o", "x"], 66, "/nowhere.toml"),
        (["plan", "ratse", "-o", "x"], 66, "nearest: rates"),
        (["plan", "rates"], 64, "--output: expected a folder"),
        (["plan", folder.path("small.toml"), "-o", "/nowhere/x"], 73, "/nowhere/x"),
        (["plan", "rates", "--chunk", "2", "-o", "x"], 64, "--chunk: expected --slurm"),
        (["run", "/nowhere"], 66, "/nowhere/sweep.json"), (["run"], 64, "expected a folder"),
        (["merge", "/nowhere"], 66, "/nowhere/sweep.json"),
        (["run", "--json", "{"], 64, "--json: expected an object"),
        (["run", "--json", #"{"recipe":"digits","images":0}"#], 64, "found 0"),
        (["run", "x", "--json", "{}"], 64, "--json: expected no folder"),
      ] as [([String], Int32, String)] {
        let result = try run(words, status: status)
        #expect(result.err.contains(message), "\(words): \(result.err)")
        #expect(result.err.split(separator: "\n").count == 1, "\(result.err)")
      }
      let out = try planned("t", in: folder)
      for line in ["0", "9", "3-2", "x", "1-", "9223372036854775807"] {
        let result = try run(["run", out, "--line", line], status: 64)
        #expect(result.err.contains("--line: expected 1 to 8"), "\(result.err)")
      }
      for jobs in ["0", "-1", "9223372036854775807"] {
        _ = try run(["run", out, "--jobs=\(jobs)"], status: 64)
      }
    }
  }

  /// A run that has a name is told by it, and not by all that the name stands for.
  @Test func namesStandForWhatTheyName() throws {
    try TemporaryFolder.with { folder in
      let out = try planned(
        "s", in: folder,
        """
        recipe = "sigmoid-numpy"
        images = 16
        holdout = 8
        epochs = 1
        [[run]]
        name = "none"
        dropout = "none"
        [[run]]
        name = "half"
        "rate dropout1" = 0.5
        l2 = 0.001
        """)
      _ = try run(["run", out])
      let shown = try run(["show", out]).out.split(separator: "\n").map(String.init)
      #expect(shown[0].hasPrefix("name  seeds  held out"), "\(shown)")
      #expect(shown[1].hasPrefix("none") && shown[2].hasPrefix("half"), "\(shown)")
      #expect(shown.contains { $0.hasPrefix("best: none: ") || $0.hasPrefix("best: half: ") })
      _ = try run(["merge", out])
      let table = try String(contentsOfFile: "\(out)/table.csv", encoding: .utf8)
      #expect(table.hasPrefix("name,dropout,l2,rate dropout1,seed,"), "\(table)")
    }
  }

  @Test func studiesAreReady() throws {
    let listed = try run(["plan", "--list"]).out
    #expect(Study.builtIn.count >= 8)
    try TemporaryFolder.with { folder in
      for study in Study.builtIn {
        #expect(listed.contains(study.name))
        let file = try study.file
        #expect(file.title?.isEmpty == false && file.claim?.isEmpty == false, "\(study.name)")
        // Every site and layer is one of its recipe.
        _ = try run(["plan", study.name, "-o", folder.path(study.name)])
      }
    }
  }

  /// GNU parallel and xargs need nothing of ours but a line's number.
  @Test func xargsIsEnough() throws {
    try TemporaryFolder.with { folder in
      let out = try planned("s", in: folder)
      let result = try shell("seq 8 | xargs -P 2 -n 1 $ds sweep run \(out) --line")
      #expect(result.status == 0, "\(result.err)")
      #expect(try run(["merge", out]).out.contains("8 of 8 runs"))
    }
  }
}
