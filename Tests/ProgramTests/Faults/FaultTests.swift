import Formats
import Foundation
import NeuralNet
import TestSupport
import Testing

/// Every call that touches a file fails once, for each thing the program writes: there is never a trap,
/// never half a file, and what was there before is there still.
@Suite(.enabled(if: Faults.library != nil, "needs a C compiler"))
struct FaultTests {
  /// A training's files after its first epoch.
  private static let begun: [String: [UInt8]] = (try? trained(epochs: 1)) ?? [:]
  /// After its second.
  private static let ended: [String: [UInt8]] = (try? trained(epochs: 2)) ?? [:]

  private static func trained(epochs: Int) throws -> [String: [UInt8]] {
    try TemporaryFolder.with { folder in
      let run = try Program.run(
        "train", "sigmoid-numpy", "--limit", "16", "--holdout", "4", "--batch", "8", "--epochs",
        "\(epochs)", "-o", folder.path("net.onnx"))
      try #require(run.status == 0, "\(run.err)")
      return try contents(folder)
    }
  }

  /// All files of a folder.
  private static func contents(_ folder: TemporaryFolder) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in folder.names { files[name] = try FileBytes.read(folder.path(name)) }
    return files
  }

  @Test(arguments: Faults.Fault.all)
  func aTrainingKeepsItsCheckpoint(fault: Faults.Fault) throws {
    try #require(Self.begun.count == 2 && Self.ended.count == 2)
    let arguments = [
      "train", "--resume", "--epochs", "2", "-o", "$/net.onnx", "--log", "$/log", "--plot",
      "$/c.svg",
    ]
    try Faults.walk(fault, arguments) { folder in
      for (name, bytes) in Self.begun { try folder.write(bytes, name) }
    } check: { run, folder in
      let files = try Self.contents(folder)
      // The seconds that epochs took differ, and they stand in the state.
      let state = try Checkpoint(files["net.onnx.state"] ?? [], named: "state")
      let epochs = state.texts["epoch"]
      #expect(epochs == "1" || epochs == "2")
      let net = files["net.onnx"]
      #expect(net == Self.begun["net.onnx"] || net == Self.ended["net.onnx"])
      if run.status == 0 { #expect(epochs == "2" && net == Self.ended["net.onnx"]) }
      if let log = files["log"] {
        #expect(log.isEmpty || log.last == UInt8(ascii: "\n"))
        #expect(String(decoding: log, as: UTF8.self).split(separator: "\n").count <= 2)
      }
      if let plot = files["c.svg"] {
        #expect(String(decoding: plot, as: UTF8.self).hasSuffix("</svg>\n"))
      }
      // Whatever happened, it goes on to the same bits.
      if run.status != 0 {
        let resumed = try Program.run(
          "train", "--resume", "--epochs", "2", "-o", folder.path("net.onnx"))
        #expect(resumed.status == 0, "\(resumed.err)")
        #expect(try FileBytes.read(folder.path("net.onnx")) == Self.ended["net.onnx"])
      }
    }
  }

  /// A file that the program writes: the arguments that do, the file's name, and one to read.
  struct Work: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    /// The file, which holds something else before; nil for standard output.
    let file: String?
    var testDescription: String { arguments.joined(separator: " ") }

    static let all = [
      Work(
        arguments: [
          "edit", "$/in.onnx", "--at", "relu2=element,.5", "--force", "-o", "$/out.onnx",
        ],
        file: "out.onnx"),
      Work(
        arguments: ["export", "--stage", "mask", "--model", "$/in.onnx", "-o", "$/m.npy"],
        file: "m.npy"),
      Work(arguments: ["export", "--stage", "meters", "-o", "-"], file: nil),
      Work(arguments: ["render", "$/in.csv", "-o", "$/view.png"], file: "view.png"),
      Work(arguments: ["info", "$/in.onnx"], file: nil),
      Work(arguments: ["--help"], file: nil),
      Work(
        arguments: ["play", "$/in.script", "--cast", "$/seen.cast", "-o", "-"], file: "seen.cast"),
    ]
  }

  @Test(arguments: Work.all)
  func aFileIsWhollyNewOrWhollyOld(work: Work) throws {
    let old = Array("old".utf8)
    let model = try Repository.bytes("assets/digits.onnx")
    func prepare(_ folder: TemporaryFolder) throws {
      try folder.write(model, "in.onnx")
      try folder.write(
        String(repeating: String(repeating: "0.5,", count: 27) + "0\n", count: 28), "in.csv")
      try folder.write(try Repository.bytes("Tests/Scripts/spatial.script"), "in.script")
      if let file = work.file { try folder.write(old, file) }
    }
    let clean = try TemporaryFolder.with { folder in
      try prepare(folder)
      let run = try Program.run(work.arguments.map { $0.replacing("$", with: folder.path) })
      try #require(run.status == 0, "\(run.err)")
      let out = run.out.replacing(folder.path, with: "$")
      return (out: out, bytes: try work.file.map { try FileBytes.read(folder.path($0)) })
    }
    var count = 0
    for fault in Faults.Fault.all {
      count += try Faults.walk(fault, work.arguments, prepare: prepare) { run, folder in
        let what = "\(fault.testDescription): \(run.status) \(run.err)"
        if run.status == 0 {
          #expect(run.out.replacing(folder.path, with: "$") == clean.out, "\(what)")
        }
        guard let file = work.file else { return }
        let bytes = try FileBytes.read(folder.path(file))
        if run.status == 0 { #expect(bytes == clean.bytes, "\(what)") }
        if file.hasSuffix(".cast") {
          // It grows as the session does: whole lines of it.
          #expect(bytes == old || clean.bytes?.starts(with: bytes) == true, "\(what)")
          #expect(bytes == old || bytes.isEmpty || bytes.last == UInt8(ascii: "\n"), "\(what)")
        } else {
          #expect(bytes == old || bytes == clean.bytes, "\(what)")
        }
      }
    }
    #expect(count >= 5)
  }

  /// A sweep that fails while it plans, runs a line or merges: what stands is whole, and the same command goes
  /// on from it to the same table.
  @Test(arguments: ["plan", "run", "merge"])
  func aSweepLosesNothing(command: String) throws {
    let arguments = [
      "plan": ["plan", "$/plan.toml", "-o", "$/s"], "run": ["run", "$/s", "--line", "1"],
      "merge": ["merge", "$/s"],
    ]
    let order = ["plan", "run", "merge"]
    let step = try #require(order.firstIndex(of: command))
    func sweep(_ name: String, in folder: TemporaryFolder) throws {
      let words = try #require(arguments[name]).map { $0.replacing("$", with: folder.path) }
      let run = try Program.run(["sweep"] + words)
      try #require(run.status == 0, "\(run.err)")
    }
    func prepare(_ folder: TemporaryFolder) throws {
      try folder.write(
        """
        recipe = "sigmoid-numpy"
        images = 16
        holdout = 4
        batch = 8
        epochs = 1
        """, "plan.toml")
      for name in order[..<step] { try sweep(name, in: folder) }
    }
    /// What a whole sweep leaves behind.
    func files(_ folder: TemporaryFolder) throws -> [[UInt8]] {
      try ["s/plan.jsonl", "s/results/0000/1.json", "s/table.csv"].map {
        try FileBytes.read(folder.path($0))
      }
    }
    let whole = try TemporaryFolder.with { folder in
      try prepare(folder)
      for name in order[step...] { try sweep(name, in: folder) }
      return try files(folder)
    }
    let faults = Faults.Fault.all.filter { !$0.isHarmless || $0.error == 0 }
    for fault in faults {
      try Faults.walk(
        fault, ["sweep"] + (try #require(arguments[command])), prepare: prepare,
        lists: command == "merge"
      ) { run, folder in
        // The step that failed is done again, then what comes behind it.
        for name in order[(run.status == 0 ? step + 1 : step)...] { try sweep(name, in: folder) }
        #expect(try files(folder) == whole, "\(fault.testDescription): \(run.err)")
      }
    }
  }

  /// In a session it is told on the screen, and the session goes on.
  @Test(arguments: ["fsync", "rename"])
  func aSessionTellsWhatItCannotSave(call: String) throws {
    let library = try #require(Faults.library)
    try TemporaryFolder.with { folder in
      let environment = ["LD_PRELOAD=\(library)", "FAULT_CALL=\(call)", "FAULT_AT=1"]
      let terminal = try Pty(
        ["/usr/bin/env"] + environment + [Program.url.path()], in: folder)
      try #require(terminal.wait(for: "q quit"))
      terminal.type(":save mask.npy\r")
      #expect(
        terminal.wait(for: "mask.npy: cannot write: Input/output error"), "\(terminal.screen.text)")
      #expect(folder.names.filter { $0.contains("mask") } == [])
      terminal.type(":save mask.npy\r")
      #expect(terminal.wait(for: "mask saved"), "\(terminal.screen.text)")
      terminal.type("q")
      #expect(terminal.exitStatus() == 0)
      #expect(folder.names.filter { $0.contains("mask") } == ["mask.npy"])
    }
  }
}
