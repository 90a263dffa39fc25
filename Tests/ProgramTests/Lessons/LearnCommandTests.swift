import Formats
import Foundation
import Scope
import TestSupport
import Testing

@testable import Program

/// `dropscope learn`, what is kept of it, and a lesson of a person's own.
@Suite struct LearnCommandTests {
  private func run(_ words: String..., state: String = "/nonexistent") throws -> Subprocess {
    try Program.run(words, environment: ["XDG_STATE_HOME": state])
  }

  @Test func listsTheLessonsAndWhatIsDone() throws {
    try TemporaryFolder.with { folder in
      let none = try run("learn", "--list")
      #expect(none.status == 0 && none.err.isEmpty)
      #expect(none.out.split(separator: "\n").count == 15)
      #expect(LessonProgress.write(["pooling", "p"], to: folder.path("dropscope/lessons")) == nil)
      let kept = try String(contentsOfFile: folder.path("dropscope/lessons"), encoding: .utf8)
      #expect(kept == "p\npooling\n")
      let json = try run("learn", "--list", "--json", state: folder.path)
      let rows = try #require(
        JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: Any]])
      #expect(rows.count == 14)
      #expect(
        rows.filter { $0["done"] as? Bool == true }.map { $0["name"] as? String }
          == ["p", "pooling"])
      #expect(Set(rows[3].keys) == ["number", "name", "title", "question", "done"])
    }
  }

  @Test func whatCannotBeReadIsNothing() throws {
    try TemporaryFolder.with { folder in
      #expect(LessonProgress.read(nil) == [])
      #expect(LessonProgress.read(folder.path("none")) == [])
      #expect(LessonProgress.read(folder.path) == [])
      let file = folder.path("lessons")
      try FileBytes.write([0xFF, 0x0A, 0x70, 0x0A] + Array("no such lesson\n".utf8), to: file)
      #expect(LessonProgress.read(file) == ["p"])
      // A file where a folder should be: said in one line, and nothing else happens.
      let problem = LessonProgress.write(["p"], to: file + "/dropscope/lessons")
      #expect(problem?.contains("could not be kept") == true)
      #expect(problem?.contains("\n") == false)
    }
    #expect(LessonProgress.path(environment: ["XDG_STATE_HOME": "/s"]) == "/s/dropscope/lessons")
    #expect(
      LessonProgress.path(environment: ["XDG_STATE_HOME": "s", "HOME": "/h"])
        == "/h/.local/state/dropscope/lessons")
    #expect(LessonProgress.path(environment: [:]) == nil)
  }

  @Test func aLessonIsTextWithoutATerminal() throws {
    let byName = try run("learn", "pooling")
    let byNumber = try run("learn", "4")
    #expect(byName.status == 0 && byName.err.isEmpty && byName.out == byNumber.out)
    #expect(byName.out.hasPrefix("Before or after pooling?\n"))
    #expect(byName.out.contains("PyTorch  Conv2d"))
    let wrong = try run("learn", "poling")
    #expect(wrong.status == 64 && wrong.err.contains("nearest: pooling"), "\(wrong.err)")
    let json = try run("learn", "--json")
    #expect(json.status == 64 && json.err.contains("--list"))
  }

  /// A file that anybody can write, played without a terminal: captions are shown, nobody is waited for.
  @Test func aFileOfOnesOwnIsPlayed() throws {
    try TemporaryFolder.with { folder in
      let path = folder.path("own.script")
      let text = """
        dropscope script 1
        lesson own A lesson of my own
        open seven --model edges --rate .3 --model-dropout off
        0 caption Here {dropped} cells go.
        0 wait key
        4 rate-7
        4 caption And now {dropped}.
        4 ask More? | *a yes | b no
        4 wait key

        """
      try FileBytes.write(Array(text.utf8), to: path)
      let first = try run("play", path, "--until", "2", "-o", "-")
      #expect(first.status == 0 && first.err.isEmpty, "\(first.err)")
      #expect(first.out.contains("Here ") && first.out.contains(" cells go."))
      let last = try run("play", path, "-o", "-")
      #expect(last.out.contains("And now ") && last.out.contains(" a  yes    b  no"))
      try FileBytes.write(
        Array(text.split(separator: "{dropped} cells").joined(separator: "{dropt} cells").utf8),
        to: path)
      let wrong = try run("play", path, "-o", "-")
      #expect(wrong.status == 65)
      #expect(wrong.err.contains("line 4") && wrong.err.contains("{dropped}"), "\(wrong.err)")
    }
  }

  /// A lesson on a real terminal, from the first key to the list, and what is kept of it.
  @Test func isWalkedOnATerminal() throws {
    let command =
      "XDG_STATE_HOME=$PWD/state XDG_CONFIG_HOME=/nonexistent "
      + "\(Program.url.path()) learn p"
    try ShellOnPty.run(command, ready: "q quit") { shell in
      let terminal = shell.terminal
      #expect(terminal.wait(for: "step 1/5"), "\(terminal.screen.text)")
      // A key of the page works, and the number in the text follows.
      terminal.type("5")
      #expect(terminal.wait(for: "Here p = .50"), "\(terminal.screen.text)")
      terminal.type(" ")
      #expect(terminal.wait(for: "step 2/5"))
      terminal.type("\u{7F}")
      #expect(terminal.wait(for: "Here p = .20"), "\(terminal.screen.text)")
      terminal.type("  ")
      #expect(terminal.wait(for: "step 3/5"))
      terminal.type("b")
      #expect(terminal.wait(for: "0.1: right"), "\(terminal.screen.text)")
      terminal.type("  ")
      #expect(terminal.wait(for: "step 5/5"))
      terminal.type(" ")
      #expect(terminal.wait(for: "1 of 14 done"), "\(terminal.screen.text)")
      terminal.type("q")
      shell.expectEnd(status: 0)
      let kept = try String(
        contentsOfFile: shell.folder.path("state/dropscope/lessons"), encoding: .utf8)
      #expect(kept == "p\n")
    }
  }
}
