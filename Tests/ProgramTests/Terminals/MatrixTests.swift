import Testing

/// The program in tmux under every name of a terminal that people have, in UTF-8 and in ASCII.
@Suite(.enabled(if: Tmux.executable != nil, "needs tmux"))
struct MatrixTests {
  @Test(
    arguments: ["xterm-256color", "tmux-256color", "screen", "xterm", "vt100", "linux"],
    ["C.UTF-8", "C"])
  func answersAndLeaves(term: String, locale: String) throws {
    try session(term: term, locale: locale, ready: "q quit") { tmux in
      let answers = [
        ("+", ".55  keep .45"), ("s", "spatial  p"), ("r", "seed 8"), ("?", "rate up and down"),
      ]
      for (key, answer) in answers {
        try tmux.press(key)
        let shown = try tmux.wait { $0.contains(answer) }
        #expect(shown.contains(answer), "\(shown)")
        let isASCII = shown.utf8.allSatisfy { $0 < 128 }
        #expect(isASCII || locale != "C", "\(shown)")
      }
      try tmux.press("q")
      let end = try tmux.wait { $0.contains("status=0") }
      #expect(end.contains("status=0"), "\(end)")
    }
  }

  /// A terminal that this machine's terminfo does not know, as over ssh, is used as one like it.
  @Test(arguments: ["xterm-kitten", "tmux-of-a-kind"])
  func aTerminalLikeItStandsIn(term: String) throws {
    try session(term: term, ready: "stands in for it") { tmux in
      try tmux.press("+")
      let raised = try tmux.wait { $0.contains(".55  keep .45") }
      #expect(raised.contains(".55  keep .45"), "\(raised)")
      try tmux.press("q")
      let end = try tmux.wait { $0.contains("status=0") }
      #expect(end.contains("dropscope: terminal \(term) has no entry in terminfo: "), "\(end)")
    }
  }

  @Test(arguments: ["dumb", "no-such-terminal"], ["C.UTF-8", "C"])
  func printsWhereThereIsNoScreen(term: String, locale: String) throws {
    try session(term: term, locale: locale, ready: "status=0") { tmux in
      let shown = try tmux.screen()
      #expect(shown.contains("element") && shown.contains("2666"), "\(shown)")
      #expect(!shown.contains("\u{1B}"))
      let reason = "terminal \(term): expected an entry in terminfo, found none"
      #expect(shown.contains(reason) == (term != "dumb"), "\(shown)")
    }
  }
}
