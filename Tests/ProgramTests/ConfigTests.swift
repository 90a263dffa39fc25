import Foundation
import Masks
import Scope
import TestSupport
import TOMLKit
import TerminalUI
import Testing

/// `config.toml`, read by the program itself.
@Suite struct ConfigTests {
  private func run(_ toml: String, _ arguments: String...) throws -> Subprocess {
    try TemporaryFolder.with { folder in
      try folder.folder("dropscope").write(toml, "config.toml")
      return try Program.run(arguments, environment: ["XDG_CONFIG_HOME": folder.path("")])
    }
  }

  @Test func itSetsWhatOptionsDoNot() throws {
    let result = try run("rate = 0.25\nkind = \"spatial\"\nseed = 12\n")
    #expect(result.err.isEmpty)
    #expect(result.out.contains(".25  keep .75"))
    #expect(result.out.contains("seed 12"))
    #expect(result.out.contains("spatial  p"))
    let options = try run(
      "rate = 0.25\nkind = \"spatial\"\nseed = 12\nscale = \"none\"", "--rate", ".4", "--kind",
      "row", "--seed", "3")
    #expect(options.out.contains(".40  keep .60"))
    #expect(options.out.contains("seed 3"))
    #expect(options.out.contains("row  p"))
    #expect(options.out.contains("train none"))
  }

  @Test func withoutXDGItIsInTheHomeFolder() throws {
    try TemporaryFolder.with { folder in
      _ = try folder.folder(".config")
      try folder.folder(".config/dropscope").write("seed = 99", "config.toml")
      let result = try Program.run(
        [], environment: ["XDG_CONFIG_HOME": "", "HOME": folder.path("")])
      #expect(result.out.contains("seed 99"))
    }
  }

  @Test func exportsAreTheSameForEverybody() throws {
    let mine = try run("rate = 0.25", "export", "--stage", "mask", "-o", "-")
    let plain = try Program.run("export", "--stage", "mask", "-o", "-")
    #expect(mine.status == 0)
    #expect(mine.out == plain.out)
  }

  @Test func wrongLinesAreReportedAndTheOthersHold() throws {
    let result = try run(
      """
      rate = 1.5
      seed = = 9
      colour = "never"
      seed = 31

      [keys]
      resamble = "x"
      mode = "Hyper-T"
      resample = [
        "s",
      ]
      help = "H
      play = 3
      """)
    #expect(result.status == 0)
    #expect(result.out.contains("seed 31"))
    #expect(result.out.contains(".50  keep .50"))
    let lines = result.err.split(separator: "\n").map(String.init)
    let expected = [
      "line 1: rate: expected a number from 0 to 1, found 1.5", "line 2: ",
      "line 3: no setting colour; nearest: color", "line 7: no action resamble; nearest: resample",
      "line 8: mode: expected a character", "line 9: resample: key s is bound to spatial already",
      "line 12: ", "line 13: play: expected \"key\"",
    ]
    #expect(lines.count == expected.count, "\(result.err)")
    for (line, text) in zip(lines, expected) {
      #expect(line.hasPrefix("dropscope: config.toml \(text)"), "\(line)")
    }
  }

  @Test(arguments: [
    "[[[", "[=]", "[ ", "[[ [", "\u{FEFF}[.", "\u{200B}[#", "rate = [1,}", "rate = [\n # x\n }",
    "\"\"\"", "=", "keys = 3", "[[keys]]",
    "[keys]\nquit = 7", "[render]", "rate = \"half\"",
    "seed = -1", "seed = 99999999999999999999", "kind = \"manual\"", "kind = \"weight\"",
    "a = 1979-05-27T\u{1}7:32:00Z", "a = 1979-05-27 1x", "a = 07:3", "rate = [,]", "a = -x1p",
    "mouse = 1", String(repeating: "= nothing\n", count: 100), "a\0b",
  ])
  func nothingInItStopsTheProgram(toml: String) throws {
    let result = try run(toml)
    #expect(result.status == 0)
    #expect(result.out.contains("seven ▸ digits"))
    #expect(result.err.hasPrefix("dropscope: config.toml"), "\(result.err)")
  }

  @Test func aFolderInItsPlaceIsReported() throws {
    try TemporaryFolder.with { folder in
      _ = try folder.folder("dropscope")
      _ = try folder.folder("dropscope/config.toml")
      let result = try Program.run([], environment: ["XDG_CONFIG_HOME": folder.path("")])
      #expect(result.status == 0)
      #expect(result.err.contains("config.toml"))
    }
  }

  @Test func theDefaultsArePrintedAsTOML() throws {
    let printed = try Program.run("--print-config")
    #expect(printed.status == 0)
    let table = try TOMLTable(string: printed.out)
    #expect(table["rate"]?.double == 0.5)
    #expect(table["kind"]?.string == "element")
    #expect(table["seed"]?.int == 7)
    #expect(table["scale"]?.string.flatMap(Scaling.init(rawValue:)) == .inverted)
    #expect(table["color"]?.string.flatMap(ColorChoice.init(rawValue:)) == .auto)
    #expect(table["ramp"]?.string.flatMap(Ramp.init(rawValue:)) == Theme().ramp)
    #expect(table["ascii"]?.bool == false)
    #expect(table["mouse"]?.bool == true)
    let keys = try #require(table["keys"]?.table)
    #expect(Set(keys.keys) == Set(Bindings.names))
    for name in Bindings.names {
      let words = keys[name]?.array?.compactMap(\.string) ?? [keys[name]?.string ?? ""]
      #expect(words.compactMap { InputEvent(keyName: $0) } == Bindings.defaultKeys[name], "\(name)")
    }
    let result = try run(printed.out)
    #expect(result.err.isEmpty)
    #expect(result.out == (try Program.run()).out)
  }
}

/// `config.toml` in a real terminal.
@Suite(.serialized, .enabled(if: Tmux.executable != nil, "needs tmux"))
struct ConfigTerminalTests {
  @Test func chosenKeysWorkAndMistakesAreTold() throws {
    try TemporaryFolder.with { folder in
      let text = "[keys]\nresample = \"z\"\nquit = \"Z\"\nresamble = \"r\"\n"
      try folder.folder("dropscope").write(text, "config.toml")
      try Tmux.with { tmux in
        try tmux.wait { $0.contains("ready>") }
        try tmux.type(
          "XDG_CONFIG_HOME=\(folder.path("")) \(Program.url.path()); echo status=$?")
        let told = try tmux.wait { $0.contains("config.toml line 4: no action resamble") }
        #expect(told.contains("config.toml line 4: no action resamble"), "\(told)")
        try tmux.press("z")
        let resampled = try tmux.wait { $0.contains("seed 8") && $0.contains("z resample") }
        #expect(resampled.contains("seed 8") && resampled.contains("z resample"), "\(resampled)")
        try tmux.press("q")
        let stays = try tmux.wait { $0.contains("q does nothing here") }
        #expect(stays.contains("q does nothing here"), "\(stays)")
        try tmux.press("Z")
        let end = try tmux.wait { $0.contains("status=0") }
        #expect(end.contains("status=0"), "\(end)")
        // What was said before the screen is still there after it.
        #expect(end.contains("dropscope: config.toml line 4"), "\(end)")
      }
    }
  }
}
