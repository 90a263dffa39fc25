import Masks
import Testing

/// What a kind declares beside the rate is an option, a part of `--add-dropout` and a line of help,
/// whichever kind declares it.
@Suite struct KindSettingTests {
  private static let names = KindRegistry.settings.map(\.setting.name)

  private func declared(_ name: String) throws -> (kind: String, setting: any DeclaredSetting) {
    try #require(KindRegistry.settings.first { $0.setting.name == name })
  }

  @Test func thereAreSome() {
    #expect(Self.names == ["block", "block-rule", "weight-mode"])
  }

  @Test(arguments: names) func itIsAnOptionOfItsKind(name: String) throws {
    let (kind, setting) = try declared(name)
    let value = setting.values.first { $0 != setting.usualText } ?? "3"
    let words = [
      "export", "seven", "--model", "edges", "--stage", "meters", "-o", "-", "--at", "conv1",
    ]
    let given = try Program.run(words + ["--\(name)", value])
    #expect(given.status == 0, "\(given.err)")
    // It brings its kind along, and changes what it says of itself.
    let usual = try Program.run(words + ["--kind", kind, "--\(name)", setting.usualText])
    let plain = try Program.run(words + ["--kind", kind])
    #expect(usual.status == 0 && usual.out == plain.out)
    #expect(
      given.out.contains("\"kind\" : \"\(kind) ") || given.out.contains("\"kind\":\"\(kind) "))
    #expect(given.out != usual.out)
    let other = try Program.run(words + ["--kind", "element", "--\(name)", value])
    #expect(other.out.contains("\"element\""))
  }

  @Test(arguments: names) func helpSaysIt(name: String) throws {
    let (kind, setting) = try declared(name)
    let help = try Program.run("help", "export").out
    #expect(help.contains("--\(name) <"), "\(name)")
    let words = help.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(
      words.contains("\(setting.summary), for kind \(kind) (default: \(setting.usualText))."))
  }

  @Test(arguments: names) func aBadValueIsOneLineWithWhatWasExpected(name: String) throws {
    let (_, setting) = try declared(name)
    let run = try Program.run("export", "--stage", "mask", "-o", "-", "--\(name)", "nonsense")
    #expect(run.status == 64 && run.err.split(separator: "\n").count == 1, "\(run.err)")
    #expect(run.err.contains("found nonsense"), "\(run.err)")
    for value in setting.values { #expect(run.err.contains(value), "\(run.err)") }
  }

  @Test(arguments: names) func aSiteOfItsOwnTakesIt(name: String) throws {
    let (kind, setting) = try declared(name)
    let value = setting.values.first { $0 != setting.usualText } ?? "3"
    func run(_ word: String) throws -> Subprocess {
      try Program.run(
        "export", "seven", "--model", "edges", "--stage", "output", "-o", "-", "--rate", "0",
        "--add-dropout", "conv1=\(kind),.4,\(word)")
    }
    #expect(try run("\(name)=\(value)").status == 0)
    let bad = try run("blok=3")
    #expect(bad.status == 64)
    for name in Self.names { #expect(bad.err.contains("\(name)="), "\(bad.err)") }
  }
}
