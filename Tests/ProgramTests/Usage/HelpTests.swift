import ArgumentParser
import Testing

@testable import Program

/// What the program says of itself: a short page first, everything behind it.
@Suite struct HelpTests {
  @Test(arguments: [["--help"], ["-h"], ["help"]]) func theFirstPageIsShort(words: [String]) throws
  {
    let help = try Program.run(words)
    #expect(help.status == 0 && help.err.isEmpty)
    let lines = help.out.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 60 && lines.allSatisfy { $0.count <= 80 }, "\(help.out)")
    let first = try #require(lines.firstIndex { $0.hasPrefix("EXAMPLES:") })
    let common = try #require(lines.firstIndex { $0.hasPrefix("COMMON OPTIONS") })
    let commands = try #require(lines.firstIndex { $0 == "SUBCOMMANDS:" })
    #expect(first < common && common < commands)
    #expect(lines[(first + 1)...].prefix { !$0.isEmpty }.count == 5)
    #expect(lines[(first + 1)...(first + 5)].allSatisfy { $0.hasPrefix("  dropscope") })
    for command in [
      "view", "play", "render", "export", "run", "train", "race", "sweep", "info", "edit",
    ] {
      #expect(lines[commands...].contains { $0.hasPrefix("  \(command) ") }, "\(command)")
    }
  }

  /// Examples are command lines, which end where the words about them begin.
  @Test func examplesAreUnderstood() throws {
    #expect(Dropscope.examples.count == 5)
    for example in Dropscope.examples {
      let end = example.firstRange(of: "   ")?.lowerBound ?? example.endIndex
      let words = example[..<end].split(separator: " ").map(String.init)
      #expect(words.first == "dropscope")
      _ = try Dropscope.command(Array(words.dropFirst()))
    }
  }

  @Test func commonOptionsAreOptionsOfTheView() throws {
    let names = try CommandNames.read().options(of: "view")
    for line in Dropscope.commonOptions {
      let option = String(line.prefix { $0 != " " })
      #expect(names.contains(option), "\(option)")
    }
  }

  /// Whatever a command takes is in its own help, aliases too.
  @Test func nothingIsLost() throws {
    let names = try CommandNames.read()
    #expect(names.commands.contains("help") && names.commands.count == 12)
    for command in names.commands where command != "help" {
      let (long, asked) = (try Program.run("help", command), try Program.run(command, "--help"))
      #expect(long.status == 0 && long.out == asked.out)
      let silent = ["--help-hidden", "--experimental-dump-help", "--generate-completion-script"]
      for option in names.options(of: command) where !silent.contains(option) {
        #expect(long.out.contains(option), "\(command) \(option)")
      }
    }
    for word in names.subcommands(of: "sweep") where word != "help" {
      let (long, asked) = (
        try Program.run("help", "sweep", word), try Program.run("sweep", word, "--help")
      )
      #expect(long.status == 0 && long.out == asked.out && long.out.contains("USAGE"), "\(word)")
    }
    for option in ["--rate", "--axes", "--model-dropout", "--also", "--without", "--record"] {
      #expect(names.options(of: "view").contains(option))
    }
  }

  @Test(arguments: [
    (["help", "foo"], "help: expected a command (view, learn, play, "),
    (["help", "rendr"], "found rendr; nearest: render\n"),
    (["help", "render", "extra"], "help: expected one command, found render extra"),
  ])
  func helpForNothingIsAnError(words: [String], message: String) throws {
    let run = try Program.run(words)
    #expect(run.status == 64 && run.out.isEmpty)
    #expect(run.err.contains(message), "\(run.err)")
    #expect(run.err.split(separator: "\n").count == 1)
  }

  /// The scripts of shells are made from the same declarations.
  @Test(arguments: ["bash", "zsh", "fish"]) func completionsKnowTheNames(shell: String) throws {
    let script = try Program.run("--generate-completion-script", shell)
    #expect(script.status == 0)
    for word in ["add-dropout", "model-dropout", "panel", "format", "train"] {
      #expect(script.out.contains(word), "\(shell): \(word)")
    }
  }
}
