import ArgumentParser
import Formats
import Foundation
import NeuralNet
import TensorCore
import Testing
import TestSupport

@testable import Program

/// Memory refused at each place where a command asks for it, one after another: one line and exit 65,
/// nothing half written, and what was there before still there.
@Suite(.serialized) struct MemoryFailureTests {
  private func walk(
    _ arguments: [String], in folder: TemporaryFolder, leaving names: Set<String>, least: Int,
    reset: () throws -> Void = {}
  ) throws {
    var n = 0
    while true {
      try reset()
      let (result, hasCome) = AllocationFailure.at(n) {
        var command = try Dropscope.parseAsRoot(arguments)
        try command.run()
      }
      guard hasCome else {
        _ = try result.get()
        break
      }
      if case .success = result { Issue.record("\(arguments): nobody missed reservation \(n)") }
      if case .failure(let error) = result {
        #expect(isBadData(error), "\(arguments) \(n): \(error)")
        #expect("\(error)".contains("memory"), "\(arguments) \(n): \(error)")
        #expect(!"\(error)".contains("\n"))
      }
      #expect(Set(folder.names) == names, "\(arguments) \(n)")
      n += 1
      guard n < 500 else {
        Issue.record("\(arguments): no end")
        return
      }
    }
    #expect(n >= least, "\(arguments): \(n) reservations")
  }

  /// Whether an error ends the program with 65.
  private func isBadData(_ error: any Error) -> Bool {
    switch error {
    case let failure as Failure: failure.code == .badData
    case let format as FormatError: format.kind == .badData
    default: error is GraphError || error is TensorError || error is TrainingError
    }
  }

  @Test func inAnExport() throws {
    try TemporaryFolder.with { folder in
      let out = folder.path("x.npy")
      try walk(
        ["export", "seven", "--model", "edges", "--stage", "dropped", "-o", out], in: folder,
        leaving: [], least: 6)
      #expect(folder.names == ["x.npy"])
    }
  }

  @Test func inAPicture() throws {
    try TemporaryFolder.with { folder in
      try walk(
        ["render", "three", "--model", "edges", "--kind", "spatial", "-o", folder.path("x.svg")],
        in: folder, leaving: [], least: 6)
      #expect(folder.names == ["x.svg"])
    }
  }

  @Test func inARun() throws {
    try TemporaryFolder.with { folder in
      let x = try folder.write(NPY.bytes(Tensor([1, 1, 28, 28], repeating: 1)), "x.npy")
      let graph = try #require(try BuiltIns.model("edges"))
      let model = try folder.write(ONNXWriter.bytes(graph, named: "test"), "m.onnx")
      try walk(
        ["run", model, "--input", "\(graph.inputs[0].name)=\(x)", "-o", folder.path("out")],
        in: folder, leaving: ["x.npy", "m.onnx", "out"], least: 6
      ) {
        try FileManager.default.createDirectory(
          atPath: folder.path("out"), withIntermediateDirectories: true)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path("out"))
        #expect(left.isEmpty, "\(left)")
      }
    }
  }

  /// Training goes on from a state; refused, the state and the network stay what they were.
  @Test func inTraining() throws {
    try TemporaryFolder.with { folder in
      let out = folder.path("a.onnx")
      let first = try Program.run(
        "train", "sigmoid-numpy", "--limit=4", "--holdout=2", "--batch=2", "--epochs=1", "-o", out)
      #expect(first.status == 0, "\(first.err)")
      let kept = try [out, out + ".state"].map { try FileBytes.read($0) }
      try walk(
        ["train", "--resume", "--epochs=2", "-o", out], in: folder,
        leaving: ["a.onnx", "a.onnx.state"], least: 10
      ) {
        let now = try [out, out + ".state"].map { try FileBytes.read($0) }
        #expect(now == kept)
      }
      let after = try [out, out + ".state"].map { try FileBytes.read($0) }
      #expect(after != kept)
    }
  }
}
