import Formats
import Foundation
import TestSupport
import Testing

@testable import Program

/// Plans that are none, and those that come with the program.
@Suite struct SweepUsageTests: SweepFolders {
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
}
