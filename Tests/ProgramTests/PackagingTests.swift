import Scope
import Testing

/// What a package of the program carries besides it.
@Suite struct PackagingTests {
  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsNameTheCommands(shell: String) throws {
    let result = try Program.run("--generate-completion-script", shell)
    #expect(result.status == 0)
    for word in ["view", "play", "render", "export", "info", "print-config", "rate"] {
      #expect(result.out.contains(word), "\(word)")
    }
  }

  @Test func helpNamesTheCommands() throws {
    let help = try Program.run("--help").out
    for word in ["view", "play", "render", "export", "info"] { #expect(help.contains("  \(word)")) }
    #expect(try Program.run("view", "--help").out.contains("--print-config"))
  }

  /// The man page is made from the same help.
  @Test func helpAndManPageNameTheKeys() throws {
    for help in [
      try Program.run("view", "--help").out, try Program.run("--experimental-dump-help").out,
    ] {
      for binding in Bindings.maps + Bindings.always {
        #expect(help.contains(binding.help), "\(binding.label)")
      }
    }
  }

  @Test func theVersionIsOneLine() throws {
    let version = try Program.run("--version").out
    let form = /\d+\.\d+\.\d+ \((avx512|avx2|baseline)\)\n/
    #expect(version.wholeMatch(of: form) != nil, "\(version)")
  }
}
