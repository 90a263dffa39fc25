import Formats
import Foundation
import NeuralNet
import TestSupport
import Testing

/// Where `train` writes where nobody says it, and what it never does.
@Suite struct TrainOutputTests {
  private let little = ["--limit", "16", "--holdout", "4", "--batch", "8", "--epochs", "1"]

  @Test func aRecipeGoesToItsName() throws {
    try TemporaryFolder.with { folder in
      let words = ["train", "sigmoid-numpy"] + little
      let run = try Program.run(words, in: folder)
      #expect(run.status == 0 && run.err.isEmpty, "\(run.err)")
      #expect(run.out.contains("written: sigmoid-numpy.onnx"), "\(run.out)")
      #expect(folder.names == ["sigmoid-numpy.onnx", "sigmoid-numpy.onnx.state"])
      let trained = try FileBytes.read(folder.path("sigmoid-numpy.onnx"))

      // Again: never over it, unless one goes on or says so.
      let again = try Program.run(words, in: folder)
      #expect(again.status == 73 && again.out.isEmpty)
      #expect(
        again.err
          == "dropscope: sigmoid-numpy.onnx: is there already; --resume goes on with it, "
          + "-o sigmoid-numpy.onnx writes over it\n")
      #expect(try FileBytes.read(folder.path("sigmoid-numpy.onnx")) == trained)
      let more = try Program.run(
        ["train", "sigmoid-numpy", "--resume", "--epochs", "2"], in: folder)
      #expect(more.status == 0 && more.out.contains("going on after step"), "\(more.err)")
      let over = try Program.run(words + ["-o", "sigmoid-numpy.onnx"], in: folder)
      #expect(over.status == 0)
      #expect(
        over.err
          == "dropscope: warning: sigmoid-numpy.onnx is there already and is written over\n")
      #expect(try FileBytes.read(folder.path("sigmoid-numpy.onnx")) == trained)

      // A state without its network is as much another's.
      try FileManager.default.removeItem(atPath: folder.path("sigmoid-numpy.onnx"))
      let state = try Program.run(words, in: folder)
      #expect(
        state.status == 73 && state.err.contains("sigmoid-numpy.onnx.state: is there already"))
    }
  }

  /// Beside the working folder's files, not the model's; the model itself is left alone.
  @Test func aModelGoesToAnotherName() throws {
    try TemporaryFolder.with { folder in
      let models = try folder.folder("models")
      let bytes = try ONNXWriter.bytes(
        try #require(RecipeRegistry.recipe("sigmoid-numpy")).graph(seed: 7), named: "net")
      let model = try models.write(bytes, "net.onnx")
      let run = try Program.run(["train", "models/net.onnx"] + little, in: folder)
      #expect(run.status == 0, "\(run.err)")
      #expect(
        folder.names == ["models", "net-trained.onnx", "net-trained.onnx.state"]
          && models.names == ["net.onnx"])
      #expect(try FileBytes.read(model) == bytes)
      #expect(try FileBytes.read(folder.path("net-trained.onnx")) != bytes)
    }
  }

  @Test(arguments: [
    (["train"], "expected a recipe (digits, "),
    (["train", "--resume"], "--resume: expected a recipe, a model or -o OUT.onnx, found none"),
    (["train", "digits", "--json"], "--json: expected --list, found none"),
  ])
  func withoutANameThereIsNone(words: [String], message: String) throws {
    try TemporaryFolder.with { folder in
      let run = try Program.run(words, in: folder)
      #expect(run.status == 64 && run.err.contains(message), "\(run.err)")
      #expect(folder.names.isEmpty)
    }
  }
}
