import TerminalUI
import Testing

@testable import CursesBackend

struct PureTests {
  /// RFC 4648 §10.
  @Test func base64() {
    let expected = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]
    let inputs = ["", "f", "fo", "foo", "foob", "fooba", "foobar"]
    #expect(inputs.map { TerminalEntry.base64(Array($0.utf8)) } == expected)
  }

  @Test func paddingIsRemoved() {
    #expect(CursesScreen.withoutPadding("\u{1B}[m\u{F}$<2>") == "\u{1B}[m\u{F}")
    #expect(CursesScreen.withoutPadding("a$<50/>b$<1*>") == "ab")
    #expect(CursesScreen.withoutPadding("$5 $< $") == "$5 $< $")
  }

  @Test(arguments: [
    ([:], TerminalLocale.Request.utf8), (["TERM": "vt220"], .ascii), (["LANG": ""], .utf8),
    (["LANG": "C"], .ascii), (["LANG": "de_DE.UTF-8", "LC_ALL": "POSIX"], .ascii),
    (["LANG": "C", "LC_CTYPE": "en_US.utf8"], .utf8), (["LANG": "C.UTF-8"], .utf8),
    (["LANG": "de_DE.ISO-8859-1"], .ascii), (["LANG": "de_DE.ISO-8859-15@euro"], .ascii),
    (["LANG": "sr_RS.UTF-8@latin"], .utf8), (["LANG": "de_DE"], .utf8),
  ])
  func locale(_ environment: [String: String], _ expected: TerminalLocale.Request) {
    #expect(TerminalLocale.request(environment) == expected)
  }

  @Test func mouseReports() {
    #expect(EscapeSequence.mouse("0;1;1", isRelease: false) == .mouse(.press, x: 0, y: 0))
    #expect(EscapeSequence.mouse("16;3;2", isRelease: true) == .mouse(.release, x: 2, y: 1))
    #expect(EscapeSequence.mouse("68;3;2", isRelease: false) == .mouse(.wheelUp, x: 2, y: 1))
    for bad in ["", "0", "0;1", "0;0;1", "-1;1;1", "a;b;c", "1;1;1", "35;1;1", "66;1;1", "0;1;1;1"]
    {
      #expect(EscapeSequence.mouse(bad, isRelease: false) == nil, "\(bad)")
    }
  }

  @Test func keysWithModifiers() {
    #expect(EscapeSequence.key(parameters: "1;5", final: "D") == .key(.left))
    #expect(EscapeSequence.key(parameters: "", final: "S") == .key(.function(4)))
    #expect(EscapeSequence.key(parameters: "15;2", final: "~") == .key(.function(5)))
    #expect(EscapeSequence.key(parameters: "24", final: "~") == .key(.function(12)))
    #expect(EscapeSequence.key(parameters: "16", final: "~") == nil)
    #expect(EscapeSequence.key(parameters: "", final: "~") == nil)
    #expect(EscapeSequence.key(parameters: "99999999999999999999", final: "~") == nil)
    #expect(EscapeSequence.key(parameters: "", final: "n") == nil)
  }

  @Test(arguments: [
    ("xterm-kitty", ["xterm-kitty", "xterm-256color", "xterm"]),
    ("xterm", ["xterm", "xterm-256color"]),
    ("foot-extra", ["foot-extra", "foot", "xterm-256color", "xterm"]),
    (
      "tmux-256color",
      ["tmux-256color", "tmux", "screen-256color", "screen", "xterm-256color", "xterm"]
    ),
    ("linux-16color", ["linux-16color", "linux"]), ("vt100", ["vt100"]), ("", [""]), ("-x", ["-x"]),
    ("no-such-terminal", ["no-such-terminal", "no-such", "no"]),
  ]) func terminalsLikeIt(_ term: String, _ names: [String]) {
    #expect(TerminalEntry.names(of: term) == names)
  }

  @Test func privateModesAreForTerminalsKnownToTakeThem() {
    for term in ["xterm", "xterm-256color", "tmux-256color", "screen", "st", "st-256color"] {
      #expect(TerminalFacts.hasPrivateModes(term: term))
    }
    for term in ["vt100", "linux", "dumb", "sun", "ansi", "", "strange"] {
      #expect(!TerminalFacts.hasPrivateModes(term: term))
    }
  }

  @Test func factsNeedATerminalOnBothEnds() {
    var facts = TerminalFacts(
      isInputTerminal: true, isOutputTerminal: true, environment: ["TERM": "xterm"], size: (80, 24),
      terminfoColors: 8, canMoveCursor: true)
    #expect(facts.canShowScreen && !facts.isDumb)
    #expect(facts.colorDepth(.auto) == .ansi8)
    facts.isInputTerminal = false
    #expect(!facts.canShowScreen)
    facts.environment["TERM"] = nil
    #expect(facts.isDumb)
  }
}
