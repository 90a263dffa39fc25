import Studies
import Testing

/// Which name a mistyped one most likely stands for.
@Suite struct NearestNameTests {
  @Test(arguments: [
    ("trian", ["view", "train", "run"], "train"), ("--rat", ["--at", "--rate"], "--rate"),
    ("seven.pgn", ["seven", "seven.png"], "seven.png"), ("seven.pgn", ["six", "seven"], "seven"),
    ("SEVEN", ["three", "seven"], "seven"), ("vew", ["view"], "view"),
    ("exprot", ["edit", "export"], "export"), ("relu", ["relu1", "relu2"], "relu1"),
  ])
  func theNearestIsMeant(name: String, names: [String], expected: String) {
    #expect(likelyName(for: name, among: names) == expected)
    #expect(likelyName(for: name, among: names.reversed()) == expected || name == "relu")
  }

  @Test(arguments: [
    ("photo", ["seven", "train"]), ("", ["a", "b"]), ("x", ["y", "x1"]), ("seven", []),
    ("be", ["at", "up"]), (String(repeating: "a", count: 100_000), ["a", "aaa"]),
  ])
  func nobodyMeantWhatIsFar(name: String, names: [String]) {
    #expect(likelyName(for: name, among: names) == nil)
  }

  /// Neighbours that changed places are one mistake.
  @Test func exchangesAreOneMistake() {
    #expect(nearestNames(to: "rleu1", among: ["rl", "reu", "relu1"]).first == "relu1")
    #expect(nearestNames(to: "abcd", among: ["acbd", "abc"], limit: 2) == ["acbd", "abc"])
  }
}
