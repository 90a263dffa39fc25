import Formats
import Foundation
import Testing
import TestSupport

/// Recordings: their text, and what names of actions mean.
@Suite struct FrozenScriptTests {
  /// A recording is read and written again as the same bytes. (`PlayTests` plays it to its frame.)
  @Test func recordingsAreThisText() throws {
    let bytes = try Repository.bytes("Tests/Scripts/kept.script")
    try TemporaryFolder.with { folder in
      let path = folder.path("again.script")
      try Kept.recorded(bytes, to: path)
      let text = String(decoding: try FileBytes.read(path), as: UTF8.self)
      #expect(text == String(decoding: bytes, as: UTF8.self))
    }
    try Frozen.check("recording", ["kept.script": Frozen.hash(bytes)])
  }

  /// What each committed script changes.
  @Test func scriptsEndWhereTheyDid() throws {
    var values: [String: String] = [:]
    for name in PlayTests.scripts {
      values[name] = try Kept.change(byScript: Repository.bytes("Tests/Scripts/\(name)"))
    }
    try Frozen.check("script", values)
  }

  /// What stands before and behind an action in a script, so that each can show what it does: on the
  /// maps, in the command line, in a list, among nodes, and after something that can be undone.
  private static let surroundings = [
    ("", ""), ("0 prompt rate .3", "1 submit"), ("0 layers", "1 list-choose"),
    ("0 network\n0 list-by 3", "1 dropout-add"), ("0 rate-up\n0.1 spatial\n0.2 undo", ""),
  ]

  /// What each action changes of one view: a name that is frozen is read for ever, and does what it did.
  @Test func actionsDoWhatTheyDid() throws {
    let start = "open three --model edges --layer relu1 --kind block --block 3 --rate .25 --seed 9"
    var values: [String: String] = [:]
    for action in Kept.actions {
      values[action] = try Self.surroundings.map { before, after in
        let script = "dropscope script 1\n\(start)\n\(before)\n0.5 \(action)\n\(after)\n"
        return try Kept.change(byScript: Array(script.utf8))
      }.joined(separator: " | ")
    }
    try Frozen.check("action", values)
  }
}
