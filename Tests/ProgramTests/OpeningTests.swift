import Formats
import Foundation
import NeuralNet
import TensorCore
import Testing
import TestSupport

/// What people bring is made to fit, or refused in one line.
@Suite struct OpeningTests {
  private func export(_ arguments: String...) throws -> Tensor {
    try TemporaryFolder.with { folder in
      let out = folder.path("out.npy")
      let result = try Program.run(["export"] + arguments + ["-o", out])
      #expect(result.status == 0, "\(result.err)")
      return try NPY.tensor(from: FileBytes.read(out), named: out)
    }
  }

  @Test func aColourPhotoIsMadeGreyAndResizedAndTheScreenSaysSo() throws {
    try TemporaryFolder.with { folder in
      let rgb = (0..<64 * 48 * 3).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      let photo = try folder.write(try PNG.bytes(rgb: rgb, width: 64, height: 48), "photo.png")
      let frame = try Program.run("view", photo)
      #expect(frame.status == 0, "\(frame.err)")
      #expect(frame.out.contains("grey"), "\(frame.out)")
      #expect(frame.out.contains("28×28"), "\(frame.out)")
      let input = try export(photo, "--model", "edges", "--stage", "input")
      #expect(input.shape == [1, 28, 28])
      #expect(input.elements.allSatisfy { (0...1).contains($0) })
    }
  }

  @Test func imagesAreNormalisedAndNumbersAreNot() throws {
    let plain = try export("seven", "--model", "edges", "--stage", "input")
    let normal = try export("seven", "--stage", "input", "--normalize", "0.1307,0.3081")
    for i in 0..<plain.count { #expect(abs(normal[i] - (plain[i] - 0.1307) / 0.3081) < 1e-5) }
    try TemporaryFolder.with { folder in
      let numbers = Tensor([28, 28], (0..<784).map { Float($0) })
      let csv = try folder.write(CSV.bytes(numbers), "digit.csv")
      let input = try export(csv, "--stage", "input", "--normalize", "0.1307,0.3081")
      #expect(input.elements == numbers.elements)
    }
  }

  @Test func aModelMayCarryItsNormalisation() throws {
    try TemporaryFolder.with { folder in
      let graph = try Graph(
        name: "m", inputs: [Graph.Input("x", dims: [nil, 1, 28, 28])], outputs: ["y"],
        nodes: [Node(name: "relu", "Relu", inputs: ["x"], outputs: ["y"])],
        metadata: ["normalize": "0.5,0.25"])
      let model = try folder.write(try ONNXWriter.bytes(graph, named: "m"), "m.onnx")
      let plain = try export("four", "--model", "edges", "--stage", "input")
      let input = try export("four", "--model", model, "--stage", "input")
      for i in 0..<plain.count { #expect(input[i] == (plain[i] - 0.5) / 0.25) }
    }
  }

  @Test func aBatchOfActivationsIsChosenFrom() throws {
    try TemporaryFolder.with { folder in
      let batch = Tensor([2, 3, 4, 5], (0..<120).map { Float($0) })
      let file = try folder.write(NPY.bytes(batch), "acts.npy")
      let second = try export(file, "--model", "none", "--index", "1", "--stage", "clean")
      #expect(second.elements == Array(batch.elements[60...]))
      let beyond = try Program.run(
        "export", file, "--model", "none", "--index", "2", "--stage", "clean", "-o", "-")
      #expect(beyond.status == 65)
      #expect(beyond.err.contains("0 to 1"), "\(beyond.err)")
    }
  }

  /// A row of labelled pixels is an image like any other, and its label is shown and exported.
  @Test func aRowOfALabelledFileIsAnImage() throws {
    try TemporaryFolder.with { folder in
      let names = "label," + (0..<784).map { "pixel\($0)" }.joined(separator: ",")
      let rows = [5, 0].map { label in
        "\(label)," + (0..<784).map { "\(($0 * (label + 3)) % 256)" }.joined(separator: ",")
      }
      let named = ([names] + rows).joined(separator: "\n")
      let pixels = (0..<784).map { Float($0 * 3 % 256) / 255 }
      for (text, file) in [(named, "kaggle.csv"), (rows.joined(separator: "\n"), "bare.csv")] {
        let file = try folder.write(text, file)
        for model in ["edges", "none"] {
          let image = try export(file, "--index", "1", "--model", model, "--stage", "input")
          #expect(image == Tensor([1, 28, 28], pixels))
        }
        let meters = try Program.run(
          "export", file, "--index", "1", "--stage", "meters", "-o", "-")
        #expect(meters.out.contains("\"label\" : \"0\""), "\(meters.out)")
        let frame = try Program.run("view", file)
        #expect(frame.out.contains(" label 5 ▸ digits"), "\(frame.out)")
        #expect(frame.out.contains("item 0 of 2, label 5"), "\(frame.out)")
        let beyond = try Program.run("view", file, "--index", "2")
        #expect(beyond.status == 65)
        #expect(beyond.err.hasSuffix("csv: item 2: expected an index from 0 to 1, found 2\n"))
      }
    }
  }

  /// Items of an IDX file of floats are numbers; the index has chosen one already.
  @Test func anItemOfAnIDXFileOfFloatsIsChosenOnce() throws {
    try TemporaryFolder.with { folder in
      let numbers = (0..<3 * 28 * 28).map { Float($0) / 7 }
      let bytes = numbers.flatMap { number in
        withUnsafeBytes(of: number.bitPattern.bigEndian) { Array($0) }
      }
      let sizes: [UInt8] = [0, 0, 0, 3, 0, 0, 0, 28, 0, 0, 0, 28]
      let file = try folder.write([0, 0, 0x0D, 3] + sizes + bytes, "x.idx")
      for model in ["edges", "none"] {
        let item = try export(file, "--index", "2", "--model", model, "--stage", "input")
        #expect(item.elements == Array(numbers[2 * 784..<3 * 784]))
      }
    }
  }

  @Test(.enabled(if: Shared.has("cases/header.csv"), "needs ../shared"))
  func filesThatPeopleHaveOpen() throws {
    let right = Shared.path("cases/csv_right.npy")
    let numbers = try NPY.tensor(from: FileBytes.read(right), named: right)
    for name in ["header.csv", "quoted.csv"] {
      let input = try export(Shared.path("cases/\(name)"), "--model", "none", "--stage", "input")
      #expect(input.elements == numbers.elements)
    }
    let frame = try Program.run("view", Shared.path("cases/kaggle_rows.csv"), "--index", "0")
    #expect(
      frame.status == 0 && frame.out.contains("item 0 of 1, label 7"), "\(frame.out)\(frame.err)")
  }

  @Test func aModelThatWantsNoImageSaysSo() throws {
    try TemporaryFolder.with { folder in
      let graph = try Graph(
        name: "m", inputs: [Graph.Input("tokens", dims: [1, 128])], outputs: ["y"],
        nodes: [Node(name: "relu", "Relu", inputs: ["tokens"], outputs: ["y"])])
      let model = try folder.write(try ONNXWriter.bytes(graph, named: "m"), "words.onnx")
      let result = try Program.run("--model", model)
      #expect(result.status == 65)
      #expect(result.err.contains("expected an image"), "\(result.err)")
      #expect(result.err.contains("[1,128]"), "\(result.err)")
    }
  }

  @Test func whatLiesAboveAMissingOperatorIsShown() throws {
    try TemporaryFolder.with { folder in
      let graph = try Graph(
        name: "m", inputs: [Graph.Input("x", dims: [1, 1, 28, 28])], outputs: ["y"],
        nodes: [
          Node(name: "relu", "Relu", inputs: ["x"], outputs: ["r"]),
          Node(name: "odd", "NoSuchOperator", inputs: ["r"], outputs: ["y"]),
        ])
      let model = try folder.write(try ONNXWriter.bytes(graph, named: "m"), "odd.onnx")
      let frame = try Program.run("--model", model)
      #expect(frame.status == 0, "\(frame.err)")
      #expect(frame.out.contains("NoSuchOperator"), "\(frame.out)")
      let info = try Program.run("info", model)
      #expect(info.status == 0)
      #expect(info.out.contains("NoSuchOperator (not supported)"), "\(info.out)")
      let output = try Program.run("export", "--model", model, "--stage", "output", "-o", "-")
      #expect(output.status == 65)
      #expect(output.err.contains("odd") && output.err.contains("opset 17"), "\(output.err)")
    }
  }
}
