import Foundation
import Scope
import TestSupport
import Testing

/// `--page NAME`: a page of the registry first, with all that it shows worked out where nobody can ask for
/// it.
@Suite struct PageOptionTests {
  private func frame(_ words: [String]) throws -> String {
    let run = try Program.run(
      ["render", "seven", "--model", "edges", "--size", "100x30", "-o", "-"] + words)
    #expect(run.status == 0 && run.err.isEmpty, "\(words): \(run.err)")
    return run.out
  }

  @Test func everyPageIsShownByItsName() throws {
    let maps = try frame([])
    #expect(try frame(["--page", "maps"]) == maps)
    var frames: Set<String> = [maps]
    for page in Scope.Page.all {
      let own = try frame(["--page", page.name.text])
      #expect(frames.insert(own).inserted, "\(page.name) looks like another page")
      let view = try Program.run("seven", "--model", "edges", "--page", page.name.text)
      #expect(view.status == 0 && view.out.contains(page.title), "\(page.name): \(view.err)")
    }
  }

  @Test func whatThePageShowsIsWorkedOut() throws {
    let digits = ["--model", "digits"]
    func frame(_ page: String) throws -> String {
      try Program.run(
        ["render", "seven", "--size", "100x30", "-o", "-", "--page", page] + digits
      ).out
    }
    #expect(try frame("samples").contains("T = 200 samples"))
    let placement = try frame("placement")
    #expect(placement.contains("/200 in "), "\(placement)")
    // The same numbers as those that are exported.
    let export = try Program.run(["export", "seven", "--stage", "placement", "-o", "-"] + digits)
    #expect(export.out.split(whereSeparator: \.isNewline).count > 3)
  }

  @Test func noPageNamesTheNearest() throws {
    for command in [["render", "-o", "-"], ["view"]] {
      let run = try Program.run(command + ["--page", "netwrk"])
      #expect(run.status == 64)
      #expect(
        run.err.hasPrefix("dropscope: --page: expected maps, network, ")
          && run.err.hasSuffix(", found netwrk; nearest: network\n"), "\(run.err)")
    }
    let both = try Program.run("render", "-o", "-", "--page", "effect", "--panel", "mask")
    #expect(both.status == 64 && both.err.contains("--panel"), "\(both.err)")
  }

  @Test func theShellCompletesNames() throws {
    let script = try Program.run("--generate-completion-script", "bash")
    for page in ["maps"] + Scope.Page.all.map(\.name.text) {
      #expect(script.out.contains("'\(page)'"))
    }
  }

  /// A script by hand asks for work and does not say how far it came.
  @Test(arguments: [
    ("page placement\ntable-all", "/200 in ", "0/0"),
    ("page samples\nsample", "T = 200 ", "T = 0 "),
  ])
  func playWaitsForTheWorkItShows(actions: String, shown: String, not: String) throws {
    try TemporaryFolder.with { folder in
      let path = folder.path("x.script")
      let lines = actions.split(separator: "\n").enumerated().map { "\($0).000 \($1)" }
      let text =
        "dropscope script 1\nopen seven --model digits\nsize 100 30\ntheme viridis unicode none\n"
        + lines.joined(separator: "\n")
        + "\n"
      try text.write(toFile: path, atomically: false, encoding: .utf8)
      let run = try Program.run("play", path, "-o", "-")
      #expect(run.status == 0, "\(run.err)")
      #expect(run.out.contains(shown) && !run.out.contains(not), "\(run.out)")
    }
  }
}
