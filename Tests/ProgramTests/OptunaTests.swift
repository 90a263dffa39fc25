import Formats
import Foundation
import TestSupport
import Testing

/// `dropscope sweep search` against the real Optuna, where `.ci/deps tests` put it or the path has it.
@Suite struct OptunaTests {
  /// The path with Optuna's own folder in front.
  private static let path =
    Repository.path(".build/optuna/bin") + ":"
    + (ProcessInfo.processInfo.environment["PATH"] ?? "")

  private static let isThere = path.split(separator: ":").contains {
    FileManager.default.isExecutableFile(atPath: "\($0)/optuna")
  }

  private static let plan = """
    recipe = "sigmoid-numpy"
    images = 64
    holdout = 40
    epochs = 1
    seeds = [1, 2]

    [grid]
    "rate dropout1" = [0, 0.75]
    learning-rate = [0.01, 5]
    "width dense1" = [8, 32]
    activation = ["relu", "sigmoid"]
    """

  private func planned(_ folder: TemporaryFolder, _ text: String = plan) throws -> String {
    try folder.write(text, "plan.toml")
    let planned = try Program.run("sweep", "plan", folder.path("plan.toml"), "-o", folder.path("s"))
    #expect(planned.status == 0, "\(planned.err)")
    return folder.path("s")
  }

  @Test(.enabled(if: isThere, "needs optuna (.ci/deps tests)"))
  func asksTrainsAndTells() throws {
    try TemporaryFolder.with { folder in
      let out = try planned(folder)
      let storage = "sqlite:///\(folder.path("o.db"))"
      let search = try Program.run(
        [
          "sweep", "search", out, "--optuna", storage, "--study", "s", "--trials", "5", "--jobs",
          "2",
        ],
        environment: ["PATH": Self.path])
      #expect(search.status == 0, "\(search.out)\(search.err)")
      #expect(search.out.split(separator: "\n").count { $0.hasPrefix("trial ") } == 5)
      let told = try Subprocess(
        URL(filePath: "/bin/sh"),
        ["-c", "optuna trials -q -f json --storage '\(storage)' --study-name s 2>/dev/null"],
        environment: ["PATH": Self.path])
      let trials = try #require(
        try JSONSerialization.jsonObject(with: Data(told.out.utf8)) as? [[String: Any]])
      #expect(trials.count == 5)
      for trial in trials {
        let number = try #require(trial["number"] as? Int)
        #expect(trial["state"] as? String == "COMPLETE")
        let kept = try #require(
          try JSONSerialization.jsonObject(
            with: Data(FileBytes.read("\(out)/trials/\(number).json"))) as? [String: Any])
        #expect(kept["held_out_accuracy"] as? Double == trial["value"] as? Double)
        #expect((kept["runs"] as? [Any])?.count == 2)
        let params = try #require(trial["params"] as? [String: Any])
        #expect((0...0.75).contains(try #require(params["rate dropout1"] as? Double)))
        #expect((8...32).contains(try #require(params["width dense1"] as? Int)))
      }
    }
  }

  /// A trial that was stopped is gone on with, and comes to what it would have come to.
  @Test(.enabled(if: isThere, "needs optuna (.ci/deps tests)"))
  func aTrialThatWasStoppedGoesOn() throws {
    try TemporaryFolder.with { folder in
      let out = try planned(
        folder, Self.plan.replacing("epochs = 1", with: "epochs = 80").replacing("64", with: "200"))
      let words = [
        "sweep", "search", out, "--optuna", "sqlite:///\(folder.path("o.db"))", "--study", "s",
        "--trials", "1", "--threads", "1",
      ]
      let quoted = words.map { "'\($0)'" }.joined(separator: " ")
      let open = "\(out)/trials/0.open.json"
      let stopped = try Subprocess(
        URL(filePath: "/bin/sh"),
        [
          "-c",
          """
          '\(Program.url.path())' \(quoted) & p=$!
          i=0; until [ -f '\(open)' ] || [ $i = 600 ]; do sleep .05; i=$((i + 1)); done
          sleep .2; kill -TERM $p; wait $p; echo $?
          """,
        ], environment: ["PATH": Self.path])
      #expect(stopped.out.contains("trial 0: stopped"), "\(stopped.out)\(stopped.err)")
      #expect(stopped.out.hasSuffix("143\n") && FileBytes.isFile(open))
      let more = try Program.run(words, environment: ["PATH": Self.path])
      #expect(more.status == 0 && more.out.hasPrefix("trial 0: "), "\(more.out)\(more.err)")
      #expect(!FileBytes.isFile(open) && !FileBytes.isFile("\(out)/trials/0.state"))
      let trial = try #require(
        try JSONSerialization.jsonObject(with: Data(FileBytes.read("\(out)/trials/0.json")))
          as? [String: Any])
      let runs = try #require(trial["runs"] as? [[String: Any]])
      var description = try #require(trial["parameters"] as? [String: Any])
      description.merge(
        ["recipe": "sigmoid-numpy", "images": 200, "holdout": 40, "epochs": 80, "seed": 1]
      ) { $1 }
      let json = String(
        decoding: try JSONSerialization.data(withJSONObject: description), as: UTF8.self)
      let alone = try Program.run("sweep", "run", "--json", json)
      let result = try #require(
        try JSONSerialization.jsonObject(with: Data(alone.out.utf8)) as? [String: Any])
      #expect(runs.count == 2 && trial["study"] == nil)
      #expect(runs[0]["held_out_loss"] as? Double == result["held_out_loss"] as? Double)
      #expect(runs[0]["steps"] as? Int == result["steps"] as? Int)
      // Optuna was told once.
      let again = try Program.run(words, environment: ["PATH": Self.path])
      #expect(again.status == 0 && again.out.hasPrefix("trial 1: "), "\(again.out)\(again.err)")
    }
  }

  @Test func whatCannotBeSearchedIsOneLine() throws {
    try TemporaryFolder.with { folder in
      let none = try planned(folder, "recipe = \"sigmoid-numpy\"")
      let options = ["--optuna", "sqlite:///x.db", "--study", "s"]
      let result = try Program.run(["sweep", "search", none] + options)
      #expect(result.status == 65 && result.err.contains("expected a plan with a [grid]"))
      let missing = try Program.run(["sweep", "search", "/nowhere"] + options)
      #expect(missing.status == 66)
      try FileManager.default.removeItem(atPath: none)
      let out = try planned(folder)
      let without = try Program.run(
        ["sweep", "search", out] + options, environment: ["PATH": "/nowhere"])
      #expect(
        without.status == 66 && without.err.contains("optuna: cannot start"), "\(without.err)")
      #expect(try Program.run(["sweep", "search", out, "--trials=0"] + options).status == 64)
    }
  }
}
