import Formats
import Foundation
import TensorCore
import Testing
import TestSupport

/// Numbers at the ends of what an `Int` holds, wherever a number comes in from outside: an answer or one
/// line, never a trap.
@Suite struct NumberLimitTests {
  static let extremes = [
    "9223372036854775807", "-9223372036854775808", "4611686018427387904", "2147483648", "0", "-1",
    "18446744073709551615", "1e999", "nan", "",
  ]

  /// What a command needs beside the option that is tried.
  private static func command(_ name: String, _ folder: TemporaryFolder) -> [String] {
    let script = folder.path("a.script")
    return switch name {
    case "view": ["view", "seven", "--model", "edges"]
    case "render": ["render", "seven", "--model", "edges", "-o", folder.path("x.txt")]
    case "export": ["export", "seven", "--model", "edges", "--stage", "ladder", "-o", "-"]
    case "play": ["play", script, "-o", "-"]
    case "run":
      ["run", "edges", "--input", "image=\(folder.path("x.npy"))", "-o", folder.path("out")]
    case "train":
      [
        "train", "sigmoid-numpy", "--limit=4", "--holdout=2", "--batch=2", "--epochs=1", "-o",
        folder.path("t.onnx"),
      ]
    case "race":
      [
        "race", "sigmoid-numpy", "--images=4", "--holdout=2", "--batch=2", "--epochs=1",
        "--variant=a=none", "--variant=b=own", "-o", folder.path("race"),
      ]
    case "edit": ["edit", "edges", "-o", folder.path("e.onnx"), "--force"]
    default: [name]
    }
  }

  /// Every option of every command as the program itself lists them.
  private static func options() throws -> [(command: String, option: String)] {
    let dump = try Program.run("--experimental-dump-help")
    let root = try JSONSerialization.jsonObject(with: Data(dump.out.utf8)) as? [String: Any]
    let command = root?["command"] as? [String: Any]
    let subcommands = command?["subcommands"] as? [[String: Any]] ?? []
    var found: [(String, String)] = []
    for command in subcommands {
      guard let name = command["commandName"] as? String, name != "help" else { continue }
      for argument in command["arguments"] as? [[String: Any]] ?? []
      where argument["kind"] as? String == "option" {
        let names = argument["names"] as? [[String: Any]] ?? []
        if let long = names.first(where: { $0["kind"] as? String == "long" })?["name"] as? String,
          !["output", "cast", "record", "log", "plot"].contains(long)
        {
          found.append((name, long))
        }
      }
    }
    return found
  }

  @Test func ofEveryOption() throws {
    let options = try Self.options()
    #expect(options.count > 60, "\(options)")
    try TemporaryFolder.with { folder in
      try folder.write("dropscope script 1\nopen seven --model edges\n0.0 rate-up\n", "a.script")
      try folder.write(NPY.bytes(Tensor([1, 1, 28, 28], repeating: 1)), "x.npy")
      for (command, option) in options {
        // Two ends for each; the others take turns.
        let turn = option.utf8.reduce(command.utf8.count) { $0 + Int($1) }
        let others = Self.extremes.dropFirst(2)
        for value in Self.extremes.prefix(2) + [others[2 + turn % others.count]] {
          var arguments = Self.command(command, folder)
          arguments.removeAll { $0.hasPrefix("--\(option)=") }
          let result = try Program.run(arguments + ["--\(option)=\(value)"], in: folder)
          #expect(
            [0, 64, 65, 66, 73].contains(result.status),
            "\(command) --\(option)=\(value): \(result.status) \(result.err)")
          if result.status != 0 {
            // Rows that a table goes without are told one by one.
            let lines = result.err.split(separator: "\n")
              .filter { !$0.hasPrefix("dropscope: left out ") }
            #expect(lines.count == 1, "\(result.err)")
          }
        }
      }
    }
  }

  /// Every text of a state under a checksum that is right.
  @Test func ofEveryFieldOfAState() throws {
    try TemporaryFolder.with { folder in
      let out = folder.path("a.onnx")
      let first = try Program.run(
        "train", "sigmoid-numpy", "--limit=4", "--holdout=2", "--batch=2", "--epochs=1",
        "--shift=1", "-o", out)
      #expect(first.status == 0, "\(first.err)")
      let bytes = try FileBytes.read(out + ".state")
      let state = try Checkpoint(bytes, named: "state")
      #expect(state.texts.count > 15)
      for key in state.texts.keys.sorted() {
        for value in Self.extremes {
          var changed = state
          changed.texts[key] = value
          try folder.write(changed.bytes, "a.onnx.state")
          let result = try Program.run("train", "--resume", "--epochs=2", "-o", out)
          #expect(
            [0, 64, 65, 66].contains(result.status),
            "\(key) = \(value): \(result.status) \(result.err)")
          if result.status != 0 {
            #expect(result.err.split(separator: "\n").count == 1, "\(key): \(result.err)")
          }
        }
      }
      // What an epoch is said to have been.
      let line = state.texts["records"] ?? ""
      for field in ["\"epoch\":1", "\"step\":2"] {
        #expect(line.contains(field), "\(line)")
        for value in Self.extremes.prefix(5) {
          var changed = state
          let name = field.split(separator: ":")[0]
          changed.texts["records"] = line.replacingOccurrences(of: field, with: "\(name):\(value)")
          try folder.write(changed.bytes, "a.onnx.state")
          let result = try Program.run("train", "--resume", "--epochs=2", "-o", out)
          #expect([0, 65].contains(result.status), "\(field) = \(value): \(result.err)")
        }
      }
    }
  }
}
