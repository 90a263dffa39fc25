import Formats
import Foundation
import NeuralNet
import TensorCore
import Testing
import TestSupport

@testable import Program

@Suite struct RunCommandTests {
  /// Two inputs, outputs of three types and with names that are no file names.
  static func model(in folder: TemporaryFolder) throws -> String {
    let graph = try Graph(
      name: "g", inputs: [.init("a", dims: [nil, 3]), .init("b=", dims: [3])],
      outputs: ["sum/of:both", "kept", "at"],
      constants: ["ratio": .float32(NDArray(scalar: 0.5))],
      nodes: [
        Node("Add", inputs: ["a", "b="], outputs: ["sum/of:both"]),
        Node("Dropout", inputs: ["sum/of:both", "ratio"], outputs: ["dropped", "kept"]),
        Node("Reshape", inputs: ["dropped", "flat"], outputs: ["image"]),
        Node(
          "MaxPool", inputs: ["image"], outputs: ["pooled", "at"],
          attributes: ["kernel_shape": .ints([1]), "strides": .ints([1])]),
        Node(
          "Constant", inputs: [], outputs: ["flat"],
          attributes: ["value": .tensor(.int64(NDArray([3], [1, 1, -1])))]),
      ])
    let path = folder.path("model.onnx")
    try FileBytes.write(ONNXWriter.bytes(graph, named: path), to: path)
    return path
  }

  @Test func everyOutputIsWrittenWithItsOwnType() throws {
    try TemporaryFolder.with { folder in
      let model = try Self.model(in: folder)
      let (a, b, out) = (folder.path("a.npy"), folder.path("b.npy"), folder.path("out"))
      try FileBytes.write(NPY.bytes(Tensor([2, 3], [1, 2, 3, 4, 5, 6])), to: a)
      try FileBytes.write(NPY.bytes(Tensor([3], [10, 20, 30])), to: b)
      func run(_ more: String...) throws -> [String: Value] {
        let result = try Program.run(
          ["run", model, "--input", "a=\(a)", "--input", "b==\(b)", "-o", out] + more)
        #expect(result.status == 0, "\(result.err)")
        #expect(result.out.isEmpty)
        var values: [String: Value] = [:]
        for name in ["sum_of_both", "kept", "at"] {
          let path = "\(out)/\(name).npy"
          values[name] = try NPY.value(from: FileBytes.read(path), named: path)
        }
        return values
      }
      let plain = try run()
      #expect(plain["sum_of_both"] == .float32(Tensor([2, 3], [11, 22, 33, 14, 25, 36])))
      #expect(plain["kept"] == .bool(NDArray([2, 3], repeating: true)))
      #expect(plain["at"] == .int64(NDArray([1, 1, 6], [0, 1, 2, 3, 4, 5])))
      let seeds = try (0..<8).map { try run("--training", "--seed", "\($0)")["kept"] }
      #expect(Set(seeds.map { "\(String(describing: $0))" }).count > 1)
      #expect(try run("--training", "--seed", "3")["kept"] == seeds[3])
    }
  }

  @Test func whatIsMissingIsNamed() throws {
    try TemporaryFolder.with { folder in
      let model = try Self.model(in: folder)
      let (a, out) = (folder.path("a.npy"), folder.path("out"))
      try FileBytes.write(NPY.bytes(Tensor([2, 2], [1, 2, 3, 4])), to: a)
      func fails(_ status: Int32, _ text: String, _ arguments: String...) throws {
        let result = try Program.run(["run"] + arguments)
        #expect(result.status == status, "\(arguments)")
        #expect(result.err.contains(text), "\(result.err)")
        #expect(result.err.split(separator: "\n").count == 1)
      }
      try fails(
        65, "expected --input b==FILE.npy [3] float32", model, "--input", "a=\(a)", "-o", out)
      try fails(
        65, "one of a float32 [?,3], b= float32 [3] of", model, "--input", "c=\(a)", "-o", out)
      try fails(64, "expected NAME=FILE.npy", model, "--input", a, "-o", out)
      try fails(64, "a twice", model, "--input", "a=\(a)", "--input", "a=\(a)", "-o", out)
      try fails(
        65, "input a: expected float32 [?,3]", model, "--input", "a=\(a)", "--input", "b==\(a)",
        "-o", out)
      try fails(66, "absent.npy", model, "--input", "a=absent.npy", "-o", out)
      try fails(73, "expected a folder", "edges", "--input", "image=\(a)", "-o", a)
    }
  }

  @Test func numbersAreConvertedWithinTheirSort() throws {
    try TemporaryFolder.with { folder in
      let graph = try Graph(
        name: "g", inputs: [.init("x", type: .int64, dims: [1, 3]), .init("f", dims: [2])],
        outputs: ["y", "g"],
        nodes: [
          Node("Identity", inputs: ["x"], outputs: ["y"]),
          Node("Identity", inputs: ["f"], outputs: ["g"]),
        ])
      let model = try folder.write(try ONNXWriter.bytes(graph, named: "m"), "m.onnx")
      let (x, f, out) = (folder.path("x.npy"), folder.path("f.npy"), folder.path("out"))
      func run(_ whole: Value, _ floats: Value) throws -> Subprocess {
        try FileBytes.write(NPY.bytes(whole), to: x)
        try FileBytes.write(NPY.bytes(floats), to: f)
        return try Program.run(
          "run", model, "--input", "x=\(x)", "--input", "f=\(f)", "-o", out)
      }
      let whole = Value.int64(NDArray([1, 3], [1, -2, 127]))
      let floats = Value.float32(Tensor([2], [0.5, -4]))
      for type: ElementType in [.int8, .int16, .int32, .int64] {
        for other: ElementType in [.float16, .float32, .float64] {
          let result = try run(Value(whole, as: type), Value(floats, as: other))
          #expect(result.status == 0, "\(result.err)")
          #expect(try NPY.value(from: FileBytes.read("\(out)/y.npy"), named: "y") == whole)
          #expect(try NPY.value(from: FileBytes.read("\(out)/g.npy"), named: "g") == floats)
        }
      }
      let unlike = try run(.float32(Tensor([1, 3], [1, 2, 3])), floats)
      #expect(unlike.status == 65)
      #expect(unlike.err.contains("input x: expected int64, found float32"), "\(unlike.err)")
      let truth = try run(whole, .bool(NDArray([2], [true, false])))
      #expect(truth.status == 65)
      #expect(truth.err.contains("input f: expected float32, found bool"), "\(truth.err)")
    }
  }

  @Test func everyNodesOutputsAreWritten() throws {
    try TemporaryFolder.with { folder in
      let long = String(repeating: "ü", count: 300)
      let graph = try Graph(
        name: "g", inputs: [.init("x", dims: [2])], outputs: [long],
        nodes: [
          Node("Relu", inputs: ["x"], outputs: ["a/b"]),
          Node("Sigmoid", inputs: ["a/b"], outputs: ["a:b"]),
          Node("Tanh", inputs: ["a:b"], outputs: ["../b"]),
          Node("Exp", inputs: ["../b"], outputs: [long]),
        ])
      let model = try folder.write(try ONNXWriter.bytes(graph, named: "m"), "m.onnx")
      let (x, out) = (folder.path("x.npy"), folder.path("out"))
      try FileBytes.write(NPY.bytes(Tensor([2], [-1, 2])), to: x)
      let result = try Program.run(
        "run", model, "--input", "x=\(x)", "--all", "--json", "-o", out)
      #expect(result.status == 0, "\(result.err)")
      let report = try #require(
        JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [String: Any])
      let outputs = try #require(report["outputs"] as? [[String: Any]])
      let files = outputs.compactMap { $0["file"] as? String }
      #expect(outputs.compactMap { $0["name"] as? String } == ["a/b", "a:b", "../b", long])
      #expect(files.prefix(3) == ["a_b.npy", "a_b-2.npy", ".._b.npy"])
      #expect(files.allSatisfy { $0.utf8.count <= 255 && !$0.contains("/") })
      #expect(Set(try FileManager.default.contentsOfDirectory(atPath: out)) == Set(files))
      let relu = try NPY.value(from: FileBytes.read("\(out)/a_b.npy"), named: "r")
      #expect(relu == .float32(Tensor([2], [0, 2])))
      #expect(outputs[0]["type"] as? String == "float32" && outputs[0]["shape"] as? [Int] == [2])
    }
  }

  @Test func namesOfFilesAreAllDifferent() {
    let names = ["x", "x-2", "x", "x", "x?", "x!", ""]
    let files = OutputFolder.fileNames(for: names)
    #expect(files == ["x.npy", "x-2.npy", "x-3.npy", "x-4.npy", "x_.npy", "x_-2.npy", "_.npy"])
  }

  @Test func runsAreTimed() throws {
    try TemporaryFolder.with { folder in
      let (x, out) = (folder.path("x.npy"), folder.path("out"))
      try FileBytes.write(NPY.bytes(Tensor([1, 1, 28, 28], repeating: 0.5)), to: x)
      let input = try #require(try BuiltIns.model("edges")?.inputs.first).name
      let start = ["run", "edges", "--input", "\(input)=\(x)", "-o", out]
      let result = try Program.run(start + ["--repeat", "4", "--threads", "1"])
      #expect(result.status == 0, "\(result.err)")
      let times = try #require(
        JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [String: Double])
      #expect(Set(times.keys) == ["least_seconds", "median_seconds"])
      let (least, median) = (times["least_seconds"] ?? 0, times["median_seconds"] ?? 0)
      #expect(least > 0 && median >= least && median < 60)
      for wrong in [["--repeat", "0"], ["--threads", "0"]] {
        #expect(try Program.run(start + wrong).status == 64)
      }
    }
  }

  @Test func theMedianIsTheMiddle() throws {
    var report = RunReport()
    report.time([3, 1, 2])
    #expect(report.least_seconds == 1 && report.median_seconds == 2)
    report.time([4, 1, 2, 8])
    #expect(report.least_seconds == 1 && report.median_seconds == 3)
    #expect(
      try String(decoding: report.line(showsOutputs: false), as: UTF8.self)
        == "{\"least_seconds\":1,\"median_seconds\":3}\n")
  }
}
