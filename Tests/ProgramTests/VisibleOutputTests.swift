import Foundation
import Formats
import NeuralNet
import TensorCore
import TestSupport
import Testing

/// Whatever names, metadata and options hold, a terminal or a log is shown text and nothing else.
@Suite struct VisibleOutputTests {
  /// Escape sequences, C1, a turn of direction, an end of line, nothing at all.
  private static let evil =
    "x\u{1B}]0;t\u{7}\u{1B}[31m\u{9B}2J\u{202E}\u{2066}\u{200B}\u{7F}\n\rdropscope: y"

  private func expectHarmless(
    _ text: String, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let harmful = text.unicodeScalars.filter { scalar in
      let category = scalar.properties.generalCategory
      return scalar != "\n"
        && ([.control, .format, .lineSeparator, .paragraphSeparator].contains(category)
          || scalar.properties.isDefaultIgnorableCodePoint)
    }
    #expect(
      harmful.isEmpty, "\(what): \(harmful.map { String($0.value, radix: 16) })",
      sourceLocation: sourceLocation)
  }

  /// A model in which everything that has a name has a bad one.
  private func model(in folder: TemporaryFolder) throws -> String {
    let evil = Self.evil
    let graph = try Graph(
      name: evil,
      inputs: [.init("in \(evil)", dims: [1, 1, 28, 28], dimNames: nil)], outputs: ["out \(evil)"],
      constants: ["w": .float32(Tensor([2, 1, 3, 3], repeating: 0.1))],
      nodes: [
        Node(name: "conv \(evil)", "Conv", inputs: ["in \(evil)", "w"], outputs: ["c"]),
        Node(name: "relu \(evil)", "Relu", inputs: ["c"], outputs: ["r"]),
        Node(
          name: "drop \(evil)", "Dropout", inputs: ["r"], outputs: ["d"],
          attributes: [:]),
        Node(name: "flat", "Flatten", inputs: ["d"], outputs: ["out \(evil)"]),
        Node(name: "odd \(evil)", "Odd\(evil)", inputs: ["d"], outputs: ["o"]),
      ], metadata: ["key \(evil)": "value \(evil)"])
    let path = folder.path("m\u{1B}[31m.onnx")
    try ONNXWriter.write(graph, to: path)
    return path
  }

  @Test func ofAModel() throws {
    try TemporaryFolder.with { folder in
      let path = try model(in: folder)
      let runs = [
        ["info", path], ["info", "--json", path],
        ["--model", path, "--layer", "relu \(Self.evil)"],
        ["render", "--model", path, "-o", "-"],
        ["render", "--model", path, "-o", folder.path("view.svg")],
        ["render", "--model", path, "-o", folder.path("view.txt")],
        ["export", "--model", path, "--stage", "ladder", "--masks", "2", "-o", "-"],
        [
          "export", "--model", path, "--stage", "ladder", "--masks", "2", "-o",
          folder.path("l.csv"),
        ],
        [
          "export", "--model", path, "--stage", "ladder", "--masks", "2", "-o",
          folder.path("l.json"),
        ],
        ["export", "--model", path, "--stage", "meters", "-o", "-"],
        ["edit", path, "--at", "relu \(Self.evil)=element,.5", "-o", folder.path("o\u{9B}.onnx")],
      ]
      for arguments in runs {
        let run = try Program.run(arguments)
        #expect(run.status == 0, "\(arguments): \(run.err)")
        let out = run.out.replacing("\r\n", with: "\n")
        expectHarmless(out + run.err, "\(arguments.prefix(2))")
      }
      for name in ["view.svg", "view.txt", "l.csv", "l.json"] {
        let text = try String(contentsOfFile: folder.path(name), encoding: .utf8)
        expectHarmless(text.replacing("\r\n", with: "\n"), name)
      }
      let info = try Program.run("info", path).out
      #expect(info.contains("relu x\\u{1B}]0;t\\u{7}\\u{1B}[31m\\u{9B}2J\\u{202E}"), "\(info)")
      #expect(info.contains("metadata key x\\u{1B}"), "\(info)")
      let frame = try Program.run("--model", path, "--layer", "relu \(Self.evil)").out
      #expect(frame.contains("relu x\\u{1B}]0;t"), "\(frame)")
      // JSON keeps the very names.
      let json = try JSONSerialization.jsonObject(
        with: Data(try Program.run("info", "--json", path).out.utf8))
      let nodes = (json as? [String: Any])?["nodes"] as? [[String: Any]]
      #expect(nodes?.contains { $0["name"] as? String == "relu \(Self.evil)" } == true)
    }
  }

  @Test func ofErrors() throws {
    try TemporaryFolder.with { folder in
      let (path, evil) = (try model(in: folder), Self.evil)
      let data = folder.path("d\u{1B}[2J.csv")
      try Data("1,\(evil)\n".utf8).write(to: URL(filePath: data))
      let runs: [([String], Int32)] = [
        ([evil], 66), (["--model", evil], 66), (["--rate", evil], 64), (["--kind", evil], 64),
        (["--layer", evil], 64), (["--at", evil], 64), (["--color", evil], 64), (["--\(evil)"], 64),
        (["--model", path, "--layer", "rel"], 64), ([data], 65), (["--mask", data], 65),
        (["render", "-o", evil], 64), (["render", "-o", "/nowhere/\(evil).png"], 73),
        (["export", "--stage", evil, "-o", "-"], 64), (["info", evil], 66),
        (["info", "--size", evil, path], 64),
        (["run", path, "--input", "\(evil)=x.npy", "-o", folder.path("r")], 65),
        (["edit", path, "--at", evil, "-o", folder.path("x.onnx")], 64),
        (["edit", path, "--without", evil, "-o", folder.path("x.onnx")], 64),
        (["train", evil, "-o", folder.path("x.onnx")], 64), (["play", data], 65),
        (["train", path, "--rate", "\(evil)=.5", "-o", folder.path("x.onnx")], 64),
        (["--axes", evil], 64), (["--input", evil], 64), (["--normalize", evil], 64),
        (["--rule", evil], 64), (["--also", evil], 64), (["--block", evil], 64),
      ]
      for (arguments, status) in runs {
        let run = try Program.run(arguments)
        #expect(run.status == status, "\(arguments): \(run.status) \(run.err)")
        expectHarmless(run.err, "\(arguments)")
        #expect(
          run.err.hasPrefix("dropscope: ") && run.err.last == "\n", "\(arguments): \(run.err)")
        #expect(run.err.split(separator: "\n").count == 1, "\(arguments): \(run.err)")
      }
      let long = try Program.run(String(repeating: "long", count: 20_000))
      #expect(long.err.count < 2100 && long.err.hasSuffix("…\n"), "\(long.err.count)")
    }
  }

  /// On the screen, and what is left of it in the shell behind.
  @Test func ofASession() throws {
    try TemporaryFolder.with { folder in
      let path = try model(in: folder)
      let terminal = try Pty.program(["--model", path], in: folder, width: 160)
      try #require(terminal.wait(for: "q quit"), "\(terminal.screen.text)")
      terminal.type(":save \u{202E}/none.npy\r")
      #expect(terminal.wait(for: "\\u{202E}/none.npy: cannot write"), "\(terminal.screen.text)")
      terminal.type("Lw")
      terminal.settle()
      // A sequence that the program does not send would be one that the model sent.
      #expect(terminal.screen.unknown == [])
      #expect(
        !String(decoding: terminal.bytes, as: UTF8.self).unicodeScalars.contains {
          [0x202E, 0x9B, 0x200B].contains($0.value)
        })
      terminal.type("\u{3}")
      #expect(terminal.exitStatus() == 0)
    }
  }

  /// There is one way out: no other file of the program prints.
  @Test func thereIsOneGate() throws {
    let ways =
      #/\b(print|debugPrint|dump|puts|fputs|fputc|fwrite|printf|vprintf|perror|syslog|NSLog)\(|FileHandle|STD(OUT|ERR)_FILENO|\bstandardError\b|/dev/std(out|err)|\bGlibc\.write\(|\b(stdout|stderr)\b/#
    // The gate; what it stands on, where bytes become files; the bytes that drive a terminal; where
    // what another program prints comes in.
    let allowed: Set = [
      "Program/Terminal.swift", "Formats/Files/FileBytes+Write.swift",
      "Formats/Files/WriteTarget.swift",
      "Formats/Files/LineFile.swift",
      "CursesBackend/CursesScreen+Output.swift", "Program/ChildProcess.swift",
      "CursesBackend/TerminalFacts.swift",
    ]
    var checked = 0
    let folder = Repository.path("Sources")
    for case let name as String in FileManager.default.enumerator(atPath: folder)! {
      let target = String(name.split(separator: "/")[0])
      guard name.hasSuffix(".swift"), !["Benchmarks", "MakeAssets"].contains(target),
        !allowed.contains(name)
      else { continue }
      let code = try Repository.text("Sources/\(name)").split(separator: "\n")
        .filter { !$0.drop { $0 == " " }.hasPrefix("//") }
      for line in code where line.firstMatch(of: ways) != nil { Issue.record("\(name): \(line)") }
      checked += 1
    }
    #expect(checked > 300)
    for name in allowed {
      #expect(
        try Repository.text("Sources/\(name)").firstMatch(of: ways) != nil, "\(name) needs no leave"
      )
    }
  }
}
