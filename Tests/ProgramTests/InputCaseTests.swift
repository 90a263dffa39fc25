import Formats
import Foundation
import NeuralNet
import TensorCore
import TestSupport
import Testing

/// Small models and inputs that others' tools wrote, opened as a user would.
@Suite(.enabled(if: Shared.has("cases"), "needs the shared cases"))
struct InputCaseTests {
  private func path(_ name: String) -> String { Shared.path("cases/\(name)") }

  private func export(_ words: String...) throws -> Tensor {
    try TemporaryFolder.with { folder in
      let out = folder.path("out.npy")
      let result = try Program.run(["export"] + words + ["-o", out])
      #expect(result.status == 0, "\(result.err)")
      return try NPY.tensor(from: FileBytes.read(out), named: out)
    }
  }

  @Test func oneImageFillsABatchOfEight() throws {
    let result = try Program.run(
      "view", path("rgb_12x10.png"), "--model", path("batch_of_8.onnx"))
    #expect(result.status == 0, "\(result.err)")
    #expect(result.out.contains("repeated to fill the batch of 8"), "\(result.out)")
  }

  @Test func twoInputsAreGivenByName() throws {
    try TemporaryFolder.with { folder in
      let picture = path("rgb_12x10.png")
      let model = path("two_inputs.onnx")
      for words in [
        ["--input", "a=\(picture)", "--input", "bb=\(picture)"],
        [picture, "--input", "bb=\(picture)"],
      ] {
        let result = try Program.run(["view", "--model", model] + words)
        #expect(result.status == 0, "\(result.err)")
      }
      // Both the same: no difference.
      let difference = try export(
        picture, "--model", model, "--input", "bb=\(picture)", "--layer", "diff", "--stage", "clean"
      )
      #expect(difference.elements.allSatisfy { $0 == 0 })
      let x = try folder.write(NPY.bytes(Tensor([1, 3, 8, 8], repeating: 1)), "x.npy")
      let ran = try Program.run(
        "run", model, "--input", "a=\(x)", "--input", "bb=\(x)", "-o", folder.path("out"))
      #expect(ran.status == 0, "\(ran.err)")
    }
  }

  @Test func channelsLastIsFedSo() throws {
    let picture = path("nhwc_rgb.png")
    guard case .picture(let image) = try InputFile.read(picture).content else {
      Issue.record("no picture")
      return
    }
    let fitted = try image.fitted(channels: 3, height: 10, width: 10)
    let fed = try export(picture, "--model", path("nhwc.onnx"), "--stage", "input")
    #expect(fed.shape == [10, 10, 3])
    #expect(fed.elements == fitted.samples.map { Float($0) / 65535 })
    let open = try export(picture, "--model", path("nhwc_open.onnx"), "--stage", "input")
    #expect(open.shape == [image.height, image.width, 3])
    #expect(open.elements == image.samples.map { Float($0) / 65535 })
    let numbers = try export(
      path("nhwc_x.npy"), "--model", path("nhwc.onnx"), "--stage", "input")
    let file = try NPY.tensor(from: FileBytes.read(path("nhwc_x.npy")), named: "x")
    #expect(numbers.elements == file.elements)
  }

  @Test func bytesGoIntoBytes() throws {
    let bytes = try export(
      "seven", "--model", path("uint8_image.onnx"), "--stage", "input")
    #expect(bytes.elements.max() == 255)
    let shares = try export("seven", "--model", "edges", "--stage", "input")
    #expect(bytes.elements == shares.elements.map { ($0 * 255).rounded() })
  }

  @Test func wrongTypesAreNamed() throws {
    try TemporaryFolder.with { folder in
      let x = try folder.write(NPY.bytes(Tensor([1, 12], repeating: 1)), "x.npy")
      let out = folder.path("out")
      let model = path("int64_input.onnx")
      let result = try Program.run("run", model, "--input", "x=\(x)", "-o", out)
      #expect(result.status == 65)
      #expect(result.err.contains("expected int64, found float32"), "\(result.err)")
      let right = try Program.run(
        "run", model, "--input", "x=\(path("int64_input.npy"))", "-o", out)
      #expect(right.status == 0, "\(right.err)")
    }
  }

  @Test func truthReachesTheModel() throws {
    try TemporaryFolder.with { folder in
      let result = try Program.run(
        "run", path("training_mode_input.onnx"), "--input", "x=\(path("training_x.npy"))",
        "--input", "t=\(path("true.npy"))", "-o", folder.path("out"))
      #expect(result.status == 0, "\(result.err)")
    }
  }

  @Test func anyShapeGoesWhereNoneIsSaid() throws {
    let model = path("no_shape.onnx")
    try TemporaryFolder.with { folder in
      let x = try folder.write(NPY.bytes(Tensor([2, 3, 9, 7], repeating: 0.5)), "x.npy")
      let out = folder.path("out")
      let ran = try Program.run("run", model, "--input", "images=\(x)", "-o", out)
      #expect(ran.status == 0, "\(ran.err)")
      let y = try NPY.tensor(from: FileBytes.read("\(out)/logits.npy"), named: "y")
      #expect(y.shape == [2, 5])
    }
    #expect(try Program.run("view", path("rgb_12x10.png"), "--model", model).status == 0)
  }

  @Test func openSizesAreSaidToBe() throws {
    let text = try Program.run("info", path("openhw.onnx")).out
    #expect(!text.contains("[1,16,1,1]"), "\(text)")
    #expect(text.contains("multiply-adds ?") && text.contains("[n,4,?,?]"), "\(text)")
  }

  @Test func theSecondOfANameIsReached() throws {
    let model = path("same_name_twice.onnx")
    let second = try export(
      path("rgb_12x10.png"), "--model", model, "--layer", "conv#2", "--stage", "clean")
    let byOutput = try export(
      path("rgb_12x10.png"), "--model", model, "--layer", "r2", "--stage", "clean")
    #expect(second == byOutput)
    let vague = try Program.run(
      "export", path("rgb_12x10.png"), "--model", model, "--layer", "conv", "--stage", "clean",
      "-o", "-")
    #expect(vague.err.contains("2 layers are called conv"), "\(vague.err)")
  }
}
