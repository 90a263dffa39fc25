import Formats
import Foundation
import TestSupport
import Testing

@testable import Program

/// `dropscope sweep`, in runs of a fraction of a second.
@Suite struct SweepCommandTests: SweepFolders {
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
      #expect(planning < .seconds(60) && merging < .seconds(120), "\(planning), \(merging)")
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
}
