import Formats
import Foundation
import NeuralNet
import TensorCore
import TestSupport
import Testing

/// Every command, with everything that can be wrong with it: a code of sysexits.h and one line.
@Suite struct ExitCodeTests {
  @Test(arguments: [
    "--help", "--version", "help render", "info", "info --json", "export --stage mask -o -",
    "export --stage meters -o -", "render -o -", "",
    "--print-config",
    "train --list", "--generate-completion-script bash", "play Tests/Scripts/spatial.script -o -",
    "play Tests/Scripts/spatial.script --cast -",
  ])
  func standardOutputThatCannotBeWritten(arguments: String) throws {
    let line = "dropscope: standard output: cannot write:"
    let full = try Program.shell("cd '\(Repository.root)'; $ds \(arguments) >/dev/full")
    #expect(full.status == 74, "\(full.status) \(full.err)")
    #expect(full.err == "\(line) No space left on device\n")
    // What the program opens must not take the place of a stream that is closed.
    let closed = try Program.shell("cd '\(Repository.root)'; $ds \(arguments) >&-")
    #expect(closed.status == 74, "\(closed.status) \(closed.err)")
    #expect(closed.err == "\(line) Bad file descriptor\n")
    let fine = try Program.shell(
      "cd '\(Repository.root)'; $ds \(arguments) | cat; $ds \(arguments) >/dev/null")
    #expect(fine.status == 0 && !fine.out.isEmpty && fine.err.isEmpty, "\(fine.err)")
  }

  @Test func otherStreamsThatAreClosed() throws {
    #expect(try Program.shell("$ds info <&-").status == 0)
    #expect(try Program.shell("$ds info 2>&-").status == 0)
    #expect(try Program.shell("$ds nothing.png 2>&-").status == 66)
    #expect(try Program.shell("$ds nothing.png 2>/dev/full").status == 66)
    let input = try Program.shell("$ds --model - <&-")
    #expect(
      [65, 66, 74].contains(input.status) && input.err.hasPrefix("dropscope: "), "\(input.err)")
  }

  /// As every program of a pipe does: without a word, by the signal.
  @Test func aReaderThatGoesAway() throws {
    let run = try Program.shell("(sleep .2; $ds info; echo status=$? >&2) | true")
    #expect(run.err == "status=141\n")
    // Where that signal is ignored, the write fails.
    let ignoring = try Program.shell(
      "trap '' PIPE; (sleep .2; $ds info; echo status=$? >&2) | true")
    #expect(
      ignoring.err == "dropscope: standard output: cannot write: Broken pipe\nstatus=74\n")
  }

  /// Training without anyone to tell it to goes on, and says so in the end.
  @Test func trainingOutlivesItsOutput() throws {
    try TemporaryFolder.with { folder in
      let out = folder.path("net.onnx")
      let run = try Program.shell(
        "$ds train sigmoid-numpy --limit 16 --holdout 4 --batch 8 --epochs 2 -o \(out) >/dev/full")
      #expect(run.status == 74)
      #expect(run.err == "dropscope: standard output: cannot write: No space left on device\n")
      #expect(try ONNXReader.graph(at: out).metadata["epochs"] == "2")
    }
  }

  /// A model that was exported for one batch cannot learn in others.
  @Test(arguments: ["Reshape", "Gemm"])
  func aFixedBatch(opType: String) throws {
    try TemporaryFolder.with { folder in
      let shape = "shape"
      let reshape = Node(name: "flat", "Reshape", inputs: ["x", shape], outputs: ["f"])
      let flatten = Node(name: "flat", "Flatten", inputs: ["x"], outputs: ["f"])
      let graph = try Graph(
        name: "fixed", inputs: [.init("x", dims: [nil, 1, 28, 28])], outputs: ["y"],
        constants: [
          shape: .int64(NDArray([2], [2, 784])), "w": .float32(Tensor([784, 10], repeating: 0.01)),
          "b": .float32(Tensor([2, 10], repeating: 0)),
        ],
        nodes: [
          opType == "Reshape" ? reshape : flatten,
          opType == "Reshape"
            ? Node(name: "dense", "MatMul", inputs: ["f", "w"], outputs: ["y"])
            : Node(name: "dense", "Gemm", inputs: ["f", "w", "b"], outputs: ["y"]),
        ])
      let model = folder.path("fixed.onnx")
      try ONNXWriter.write(graph, to: model)
      let run = try Program.run(
        "train", model, "--limit", "16", "--batch", "8", "--epochs", "1", "-o",
        folder.path("o.onnx"))
      #expect(run.status == 65, "\(run.status) \(run.err)")
      #expect(run.err.hasPrefix("dropscope: \(model): a batch of 8 images: "), "\(run.err)")
      #expect(run.err.split(separator: "\n").count == 1)
    }
  }

  /// What a user may get wrong, in every place where it can be: nothing else comes out.
  @Test func everythingWrongInEveryPlace() throws {
    try TemporaryFolder.with { folder in
      let garbage = try folder.write(
        (0..<999).map { UInt8(truncatingIfNeeded: $0 &* 37) }, "garbage")
      let empty = try folder.write("", "empty.npy")
      _ = try folder.folder("inner")
      let inputs = ["/nowhere", garbage, empty, folder.path, "/dev/null", "", "-", "a\0b"]
      let bare = try folder.folder("bare").path
      let outputs = [
        "/nowhere/x", folder.path("inner"), "\(bare)/", "/proc/x", "/dev/full",
        "\(garbage)/x",
      ]
      var runs: [[String]] = []
      for input in inputs {
        runs += [
          [input, "--index", "3"], ["--model", input], ["--mask", input], ["info", input],
          ["render", input, "-o", folder.path("x.png")],
          ["export", input, "--stage", "input", "-o", "-"],
          ["run", input, "-o", folder.path("r")],
          ["run", "digits", "--input", "image=\(input)", "-o", folder.path("r")],
          ["edit", input, "--at", "relu1=element,.5", "-o", folder.path("y.onnx")],
          ["train", input, "-o", folder.path("z.onnx")],
          ["train", "digits", "--data", input, "-o", folder.path("z.onnx")],
          ["play", input],
        ]
      }
      for output in outputs {
        runs += [
          ["render", "-o", "\(output).png"], ["export", "--stage", "mask", "-o", "\(output).npy"],
          ["run", "digits", "--input", "image=x.npy", "-o", output],
          ["edit", "digits", "--at", "relu1=element,.5", "-o", "\(output).onnx"],
          ["train", "sigmoid-numpy", "--limit", "4", "--epochs", "1", "-o", "\(output).onnx"],
          ["play", Repository.path("Tests/Scripts/spatial.script"), "-o", "\(output).txt"],
          ["play", Repository.path("Tests/Scripts/spatial.script"), "--cast", output],
        ]
      }
      for word in ["", "x", "-1", "1e999", "nan"] {
        for option in [
          "--rate", "--kind", "--seed", "--scale", "--mode", "--channel", "--layer", "--block",
          "--normalize",
        ] {
          runs.append(["\(option)=\(word)"])
        }
        runs += [
          ["render", "--size=\(word)", "-o", "-"], ["play", "x", "--speed=\(word)"],
          ["run", "digits", "--repeat=\(word)", "-o", folder.path("r")],
          ["train", "digits", "--learning-rate=\(word)", "-o", folder.path("z.onnx")],
          ["train", "digits", "--optimizer=\(word)", "-o", folder.path("z.onnx")],
        ]
      }
      // ("--scale=x" and the like are wrong, "--mode=" too; a blank layer is none.)
      for arguments in runs {
        let run = try Program.run(arguments)
        guard run.status != 0 else { continue }
        #expect(
          [64, 65, 66, 70, 73, 74].contains(run.status), "\(arguments): \(run.status) \(run.err)")
        #expect(run.err.hasPrefix("dropscope: "), "\(arguments): \(run.err)")
        let errors = run.err.split(separator: "\n").filter { !$0.hasPrefix("dropscope: warning: ") }
        #expect(errors.count == 1, "\(arguments): \(run.err)")
      }
      #expect(folder.names.filter { $0.hasPrefix(".") } == [])
    }
  }
}
