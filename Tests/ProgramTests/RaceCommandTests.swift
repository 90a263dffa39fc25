import Formats
import Foundation
import TestSupport
import Testing

/// `dropscope race`, in races of a second or two.
@Suite struct RaceCommandTests {
  /// Dense, so that an unoptimised build is quick.
  private static let small = [
    "race", "sigmoid-numpy", "--images", "48", "--holdout", "20", "--batch", "16", "--epochs", "2",
  ]
  private static let two = ["--variant", "none=none", "--variant", "half=dropout1=element,.5"]

  private func run(_ arguments: [String], status: Int32 = 0) throws -> Subprocess {
    let result = try Program.run(arguments)
    #expect(result.status == status, "\(arguments): \(result.out)\(result.err)")
    return result
  }

  private func report(_ folder: String) throws -> [String: Any] {
    let bytes = try FileBytes.read("\(folder)/race.json")
    return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  @Test func writesWhatItPromises() throws {
    try TemporaryFolder.with { folder in
      let out = folder.path("r")
      let result = try run(Self.small + Self.two + ["--masks", "3", "-o", out])
      #expect(result.out.contains("2 variants, 48 images, 20 held out, same weights, same batches"))
      let report = try report(out)
      let variants = try #require(report["variants"] as? [[String: Any]])
      #expect(variants.map { $0["name"] as? String } == ["none", "half"])
      #expect(variants.map { $0["dropouts"] as? [String] } == [[], ["dropout1=element,0.5"]])
      for variant in variants {
        let epochs = try #require(variant["epochs"] as? [[String: Any]])
        #expect(epochs.count == 2)
        for key in [
          "training_loss", "clean_training_loss", "training_accuracy", "held_out_loss",
          "held_out_accuracy", "sparsity", "correlation", "mean_activation",
        ] {
          #expect(epochs.allSatisfy { $0[key] is Double }, "\(key)")
        }
        let runs = try #require(variant["runs"] as? [[String: Any]])
        #expect(
          runs.count == 1 && (runs[0]["monte_carlo"] as? [String: Any])?["masks"] as? Int == 3)
      }
      let verdict = try #require(report["verdict"] as? [String: Any])
      #expect(verdict["test"] as? String == "McNemar exact" && verdict["p_value"] is Double)
      #expect(verdict["difference"] is Double && verdict["interval"] is NSNull)
      #expect(result.out.contains(try #require(verdict["sentence"] as? String)))
      let log = try String(contentsOfFile: "\(out)/log.jsonl", encoding: .utf8)
      let events = try log.split(separator: "\n").map {
        (try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["event"]
          as? String
      }
      #expect(
        events
          == ["race", "epoch", "epoch", "epoch", "outcome", "epoch", "outcome", "verdict"],
        "\(events)")
      // Nothing of the way there is left.
      let names = try FileManager.default.contentsOfDirectory(atPath: out).sorted()
      #expect(names == ["job.json", "log.jsonl", "race.json"])
    }
  }

  @Test func threadsAndRepetitionChangeNoByte() throws {
    try TemporaryFolder.with { folder in
      let race = Self.small + Self.two + ["--seeds", "2"]
      for (name, threads) in [("a", "1"), ("b", "3")] {
        _ = try run(race + ["--threads", threads, "-o", folder.path(name)])
      }
      let bytes = try FileBytes.read(folder.path("a") + "/race.json")
      #expect(try bytes == FileBytes.read(folder.path("b") + "/race.json"))
      let verdict = try #require(try report(folder.path("a"))["verdict"] as? [String: Any])
      #expect(verdict["test"] as? String == "paired t")
      #expect((verdict["interval"] as? [Double])?.count == 2)
    }
  }

  /// Stopped in the middle, or killed without a word, it goes on to the same bytes.
  @Test(arguments: ["TERM", "KILL"]) func goesOnToTheSameBits(signal: String) throws {
    try TemporaryFolder.with { folder in
      let options =
        "race sigmoid-numpy --images 300 --holdout 20 --batch 4 --epochs 12 "
        + "--variant a=none --variant 'b=dropout1=element,.5;dropout-epochs=2-'"
      let whole = try Program.shell("$ds \(options) -o \(folder.path("a"))")
      #expect(whole.status == 0, "\(whole.err)")
      let (b, out) = (folder.path("b"), folder.path("out"))
      let stopped = try Program.stopped(
        "$ds \(options) -o \(b) >\(out) 2>&1", by: signal, once: "grep -q 'a  epoch  1/12' \(out)",
        for: ".1", output: "\(b) \(out)")
      #expect([143, 137].contains(stopped.status), "\(stopped.status) \(stopped.err)")
      if signal == "TERM" {
        #expect(
          try String(contentsOfFile: out, encoding: .utf8).contains(
            "go on with: dropscope race --resume -o \(b)"))
        #expect(FileBytes.isFile("\(b)/variant-1-seed-7.state"))
      }
      let resumed = try run(["race", "--resume", "-o", b, "--threads", "1"])
      #expect(resumed.out.contains("race.json"))
      #expect(
        try FileBytes.read("\(b)/race.json") == FileBytes.read(folder.path("a") + "/race.json"))
      #expect(try run(["race", "--resume", "-o", b]).out.contains("finished already"))
    }
  }

  @Test func aStateOfAnotherRaceIsRefused() throws {
    try TemporaryFolder.with { folder in
      let options = "race sigmoid-numpy --images 300 --holdout 20 --batch 4 --epochs 2000"
      for (name, seed) in [("a", 1), ("b", 2)] {
        let stopped = try Program.shell(
          """
          $ds \(options) --variant a=none --variant b=own --seed \(seed) -o \(folder.path(name)) \
            >\(folder.path("out" + name)) 2>&1 & pid=$!
          until grep -qE 'a  epoch +1/' \(folder.path("out" + name)); do sleep .02; done
          kill -TERM $pid; wait $pid
          """)
        #expect(stopped.status == 143, "\(stopped.err)")
      }
      let state = try FileBytes.read(folder.path("b") + "/variant-1-seed-2.state")
      try folder.write(state, "a/variant-1-seed-1.state")
      let result = try run(["race", "--resume", "-o", folder.path("a")], status: 65)
      #expect(
        result.err.contains("expected a state of this race, found another's"), "\(result.err)")
      try folder.write(Array(state.dropLast(3)), "a/variant-1-seed-1.state")
      _ = try run(["race", "--resume", "-o", folder.path("a")], status: 65)
    }
  }

  @Test func badUsageIsOneLine() throws {
    try TemporaryFolder.with { folder in
      let out = folder.path("r")
      for (options, status, message) in [
        (["race", "-o", out], 64, "expected a recipe (digits"),
        (["race", "digits", "-o", out], 64, "--variant: expected two or more, found 0"),
        (["race", "digits", "--variant", "a=none", "-o", out], 64, "two or more, found 1"),
        (
          ["race", "digits", "--variant", "none", "-o", out], 64, "expected NAME='SITE=KIND,RATE;…'"
        ),
        (
          ["race", "digits", "--variant", "a=none", "--variant", "a=own", "-o", out], 64,
          "found a twice"
        ),
        (
          Self.small + ["--variant", "a=none", "--variant", "b=here=element,.5", "-o", out], 64,
          "here"
        ),
        (
          Self.small + ["--variant", "a=none", "--variant", "b=width dense1=0", "-o", out], 64,
          "found 0"
        ),
        (Self.small + ["--variant", "a=none", "--variant", "b=l2=x", "-o", out], 64, "found x"),
        (Self.small + Self.two + ["--epochs", "0", "-o", out], 64, "--epochs: expected 1 to"),
        (Self.small + Self.two + ["--seeds", "0", "-o", out], 64, "--seeds: expected 1 to"),
        (Self.small + Self.two + ["--holdout", "0", "-o", out], 64, "expected images held out"),
        (Self.small + Self.two + ["--data", "/nowhere", "-o", out], 66, "/nowhere"),
        (Self.small + Self.two + ["-o", "/nowhere/r"], 73, "/nowhere/r"),
        (
          Self.small + [
            "--variant", "a=own", "--variant",
            "b=dropout1=element,.5,scale=weight;dropout-epochs=2-", "-o", out,
          ], 64, "scales at evaluation"
        ),
        (["race", "--resume", "-o", folder.path("none")], 66, "job.json"),
        (["race", "digits", "--resume", "-o", out], 64, "--resume: expected no model"),
      ] as [([String], Int32, String)] {
        let result = try run(options, status: status)
        #expect(result.err.contains(message), "\(options): \(result.err)")
        #expect(result.err.split(separator: "\n").count == 1, "\(result.err)")
        #expect(!FileBytes.isFile("\(out)/race.json"))
      }
      // One that is there is gone on with, never written over.
      _ = try run(Self.small + Self.two + ["-o", out])
      let again = try run(Self.small + Self.two + ["-o", out], status: 73)
      #expect(again.err.contains("--resume -o \(out) goes on with it"))
    }
  }

  @Test func theSecondInOneFolderIsToldWhoHasIt() throws {
    try TemporaryFolder.with { folder in
      let options =
        "race sigmoid-numpy --images 300 --holdout 20 --batch 4 --epochs 2000 --variant a=none "
        + "--variant b=own -o \(folder.path("r"))"
      let result = try Program.shell(
        """
        $ds \(options) >/dev/null & pid=$!
        echo $pid
        until [ -e \(folder.path("r"))/job.json ] || ! kill -0 $pid; do sleep .02; done
        $ds race --resume -o \(folder.path("r")); echo status=$?
        kill -TERM $pid; wait $pid; echo end=$?
        """)
      let pid = try #require(result.out.split(separator: "\n").first)
      #expect(result.out.contains("status=73") && result.out.contains("end=143"), "\(result.out)")
      #expect(
        result.err.contains("race.json: cannot write: process \(pid) is writing it"),
        "\(result.err)")
    }
  }

  @Test func aVariantThatDivergesIsNamed() throws {
    try TemporaryFolder.with { folder in
      let result = try run(
        [
          "race", "digits", "--images", "32", "--holdout", "4", "--batch", "8", "--epochs", "2",
          "--variant", "calm=own", "--variant", "wild=optimizer=sgd,lr=1e30", "-o",
          folder.path("r"),
        ], status: 70)
      #expect(result.err.contains("wild, seed 7: epoch 1, batch 2: the loss is"), "\(result.err)")
    }
  }
}
