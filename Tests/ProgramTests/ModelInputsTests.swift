import Formats
import NeuralNet
import Scope
import Studies
import TensorCore
import TestSupport
import Testing

@testable import Program

/// Models with several inputs, from the command line.
@Suite struct ModelInputsTests {
  /// |conv(a) − conv(bb)| of two images, scaled by a number.
  private static func model(in folder: TemporaryFolder) throws -> String {
    let graph = try Graph(
      name: "pair",
      inputs: [
        .init("a", dims: [1, 1, 4, 4]), .init("bb", dims: [1, 1, 4, 4]), .init("gain", dims: []),
      ], outputs: ["y"],
      constants: ["w": .float32(Tensor([2, 1, 3, 3], (0..<18).map { Float($0 % 5) - 2 }))],
      nodes: [
        Node(name: "left", "Conv", inputs: ["a", "w"], outputs: ["l"]),
        Node(name: "right", "Conv", inputs: ["bb", "w"], outputs: ["r"]),
        Node(name: "difference", "Sub", inputs: ["l", "r"], outputs: ["d"]),
        Node(name: "scaled", "Mul", inputs: ["d", "gain"], outputs: ["y"]),
      ])
    return try folder.write(try ONNXWriter.bytes(graph, named: "pair"), "pair.onnx")
  }

  private struct Files {
    let model, a, b, gain: String

    init(_ folder: TemporaryFolder) throws {
      model = try ModelInputsTests.model(in: folder)
      func image(_ offset: Int) -> [UInt8] {
        NPY.bytes(Tensor([1, 1, 4, 4], (0..<16).map { Float(($0 * 7 + offset) % 11) }))
      }
      a = try folder.write(image(0), "a.npy")
      b = try folder.write(image(3), "b.npy")
      gain = try folder.write(NPY.bytes(Tensor(scalar: 2)), "gain.npy")
    }
  }

  @Test func everyCommandTakesThemByName() throws {
    try TemporaryFolder.with { folder in
      let files = try Files(folder)
      let named = ["--input", "a=\(files.a)", "--input", "bb=\(files.b)"]
      let gain = ["--input", "gain=\(files.gain)"]
      let out = folder.path("out")
      let ran = try Program.run(["run", files.model, "-o", out] + named + gain)
      #expect(ran.status == 0, "\(ran.err)")
      let expected = try NPY.tensor(from: FileBytes.read("\(out)/y.npy"), named: "y")
      let exported = folder.path("y.npy")
      let orders = [
        named + gain,
        // The positional one feeds the first image that is left.
        [files.b, "--input", "a=\(files.a)"] + gain,
        [files.a, "--input", "bb=\(files.b)"] + gain,
      ]
      for inputs in orders {
        let result = try Program.run(
          ["export", "--model", files.model, "--layer", "scaled", "--stage", "clean"] + inputs
            + ["-o", exported])
        #expect(result.status == 0, "\(result.err)")
        let tensor = try NPY.tensor(from: FileBytes.read(exported), named: "y")
        #expect(tensor.elements == expected.elements)
      }
      let frame = try Program.run(["view", "--model", files.model] + named + gain)
      #expect(frame.status == 0, "\(frame.err)")
      let picture = folder.path("x.png")
      #expect(
        try Program.run(["render", "--model", files.model, "-o", picture] + named + gain).status
          == 0)
    }
  }

  @Test func theCommandThatIsCopiedOpensThemAgain() throws {
    try TemporaryFolder.with { folder in
      let files = try Files(folder)
      let words = [
        files.b, "--model", files.model, "--input", "a=\(files.a)", "--input", "gain=\(files.gain)",
      ]
      let state = try ScriptHeader(arguments: words).open(from: "s")
      let subject = state.experiment.subject
      #expect(subject.shownInput == "bb")
      #expect(subject.inputName == "a.npy, b.npy, gain.npy")
      let again = try ScriptHeader(arguments: state.arguments()).open(from: "s")
      #expect(again.experiment.subject.inputs == subject.inputs)
      #expect(again.setting == state.setting)
      let script = try folder.write(
        "dropscope script 1\nopen \(state.commandLine.dropFirst("dropscope ".count))\n0.1 rate-up\n",
        "s.script")
      let played = try Program.run("play", script, "-o", "-")
      #expect(played.status == 0, "\(played.err)")
      #expect(played.out.contains("keep .45"), "\(played.out)")
      // Without a positional input none is written.
      let all = ["--input", "bb=\(files.b)"] + words.dropFirst()
      let open = try ScriptHeader(arguments: Array(all)).open(from: "s")
      #expect(open.experiment.subject.arguments.first == "--model")
    }
  }

  @Test func whatIsMissingOrTooMuchIsNamed() throws {
    try TemporaryFolder.with { folder in
      let files = try Files(folder)
      func fails(_ status: Int32, _ texts: String..., with arguments: [String]) throws {
        let result = try Program.run(["render", "--model", files.model, "-o", "-"] + arguments)
        #expect(result.status == status, "\(result.err)")
        for text in texts { #expect(result.err.contains(text), "\(result.err)") }
        #expect(result.err.split(separator: "\n").count == 1)
      }
      let list = "a float32 [1,1,4,4], bb float32 [1,1,4,4], gain float32 []"
      try fails(65, "--input a=FILE --input bb=FILE --input gain=FILE", list, with: [])
      try fails(65, "expected --input bb=FILE --input gain=FILE, found none", with: [files.a])
      try fails(
        65, "expected --input gain=FILE, found none", list,
        with: [files.a, "--input", "a=\(files.a)"])
      try fails(65, "expected one of \(list)", "found c", with: ["--input", "c=\(files.a)"])
      try fails(64, "expected NAME=FILE, found c", with: ["--input", "c"])
      try fails(
        64, "a twice", with: ["--input", "a=\(files.a)", "--input", "a=\(files.b)"])
      try fails(
        64, "leaves for \(files.b), found none",
        with: [
          files.b, "--input", "a=\(files.a)", "--input", "bb=\(files.b)", "--input",
          "gain=\(files.gain)",
        ])
      try fails(
        65, "[1,1,4,4]", "found []",
        with: [files.b, "--input", "a=\(files.gain)", "--input", "gain=\(files.gain)"])
    }
  }

  @Test func normalisingNeedsFloats() throws {
    try TemporaryFolder.with { folder in
      let graph = try Graph(
        name: "bytes", inputs: [.init("x", type: .int64, dims: [1, 1, 8, 8])], outputs: ["y"],
        nodes: [
          Node("Cast", inputs: ["x"], outputs: ["f"], attributes: ["to": .int(1)]),
          Node(name: "relu", "Relu", inputs: ["f"], outputs: ["y"]),
        ])
      let model = try folder.write(try ONNXWriter.bytes(graph, named: "b"), "bytes.onnx")
      let out = folder.path("x.npy")
      let opened = try Program.run(
        "export", "seven", "--model", model, "--stage", "clean", "-o", out)
      #expect(opened.status == 0, "\(opened.err)")
      let bytes = try NPY.tensor(from: FileBytes.read(out), named: out).elements
      #expect(bytes.max() ?? 0 > 1 && bytes.allSatisfy { $0 == $0.rounded() && $0 <= 255 })
      let result = try Program.run("render", "--model", model, "--normalize", "0,1", "-o", "-")
      #expect(result.status == 64)
      #expect(result.err.contains("expected an input of floats, found x int64"), "\(result.err)")
    }
  }

  @Test func aFixedBatchShowsOneImage() throws {
    try TemporaryFolder.with { folder in
      let graph = try Graph(
        name: "eight", inputs: [.init("x", dims: [8, 1, 6, 5])], outputs: ["y"],
        nodes: [Node(name: "relu", "Relu", inputs: ["x"], outputs: ["y"])])
      let model = try folder.write(try ONNXWriter.bytes(graph, named: "e"), "eight.onnx")
      let frame = try Program.run("view", "seven", "--model", model)
      #expect(frame.status == 0, "\(frame.err)")
      #expect(frame.out.contains("repeated to fill the batch of 8"), "\(frame.out)")
      let (mask, first, second) = (folder.path("m.npy"), folder.path("1"), folder.path("2"))
      func export(_ stage: String, _ path: String, _ more: String...) throws -> Tensor {
        let result = try Program.run(
          ["export", "seven", "--model", model, "--stage", stage, "-o", path + ".npy"] + more)
        #expect(result.status == 0, "\(result.err)")
        return try NPY.tensor(from: FileBytes.read(path + ".npy"), named: path)
      }
      #expect(try export("clean", first).shape == [1, 6, 5])
      #expect(try export("input", first).shape == [1, 6, 5])
      _ = try export("mask", String(mask.dropLast(4)))
      let dropped = try export("dropped", first)
      #expect(try export("dropped", second, "--mask", mask, "--rate", ".5") == dropped)
    }
  }
}
