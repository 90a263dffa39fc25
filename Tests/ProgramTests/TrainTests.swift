import Formats
import Foundation
import Masks
import NeuralNet
import Testing
import TestSupport

/// `dropscope train`, in runs of a second or two.
@Suite struct TrainTests {
  /// Dense, so that an unoptimised build is quick.
  private let small = [
    "train", "sigmoid-numpy", "--limit", "48", "--holdout", "20", "--batch", "16",
  ]

  private func run(_ arguments: [String], status: Int32 = 0) throws -> Subprocess {
    let result = try Program.run(arguments)
    #expect(result.status == status, "\(arguments): \(result.out)\(result.err)")
    return result
  }

  @Test func writesWhatItPromises() throws {
    try TemporaryFolder.with { folder in
      let (out, log) = (folder.path("net.onnx"), folder.path("log.jsonl"))
      let result = try run(
        small + ["--epochs", "2", "-o", out, "--log", log, "--plot", folder.path("c.svg")])
      #expect(result.out.contains("48 images, 20 held out"), "\(result.out)")
      #expect(result.out.contains("\nepoch 2/2  loss "), "\(result.out)")
      #expect(!result.out.contains("\u{1B}") && !result.out.contains("\r"))
      let graph = try ONNXReader.graph(at: out)
      #expect(graph.nodes.contains { $0.opType == "Dropout" })
      for key in ["recipe", "seed", "normalize", "accuracy", "data"] {
        #expect(graph.metadata[key] != nil, "\(key)")
      }
      let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
      let last = try JSONSerialization.jsonObject(with: Data(lines.last!.utf8)) as? [String: Any]
      #expect(lines.count == 2 && last?["epoch"] as? Int == 2 && last?["step"] as? Int == 6)
      for key in ["loss", "accuracy", "held_out_loss", "training_accuracy_undropped"] {
        #expect(last?[key] is Double, "\(key)")
      }
      #expect(
        try String(contentsOfFile: folder.path("c.svg"), encoding: .utf8).contains("<circle"))
      // What it wrote opens in the program itself.
      #expect(try Program.run("seven", "--model", out).status == 0)
    }
  }

  /// Recipes that learn something else than the classes of images, or normalise by batches: what they write
  /// opens, and can be trained further.
  @Test(arguments: ["li-2018", "autoencoder", "unet", "gru-brackets"])
  func otherRecipesDoToo(recipe: String) throws {
    try TemporaryFolder.with { folder in
      let few = ["--limit", "12", "--holdout", "4", "--batch", "4", "--epochs", "1"]
      let (out, more) = (folder.path("net.onnx"), folder.path("more.onnx"))
      let result = try run(["train", recipe, "-o", out] + few)
      #expect(result.out.contains("written: "), "\(result.out)")
      _ = try run(["train", out, "-o", more] + few)
      #expect(try ONNXReader.graph(at: more).metadata["recipe"] == recipe)
      #expect(try Program.run("info", more).status == 0)
      if recipe != "gru-brackets" {
        #expect(try Program.run("render", "seven", "--model", more, "-o", "-").status == 0)
      }
    }
  }

  /// Of a text nine tenths are trained on, in order, and the next twentieth is held out.
  @Test(arguments: ["awd-lstm", "transformer"])
  func languageModelsLearnFromAText(recipe: String) throws {
    try TemporaryFolder.with { folder in
      let (text, out, more) = (
        folder.path("a.txt"), folder.path("net.onnx"), folder.path("more.onnx")
      )
      try String(repeating: "to be or not to be, ", count: 330)
        .write(toFile: text, atomically: true, encoding: .utf8)
      let options = ["--data", text, "--batch", "8"]
      let result = try run(["train", recipe, "--epochs", "12", "-o", out] + options)
      #expect(result.out.contains("92 windows, 5 held out"), "\(result.out)")
      let metadata = try ONNXReader.graph(at: out).metadata
      #expect(metadata["data_training"] == "92" && metadata["data_held_out"] == "5")
      // Without what was learnt one letter in seven is right.
      let accuracy = try #require(metadata["accuracy"].flatMap(Double.init))
      #expect(accuracy > 0.3, "\(accuracy)")
      _ = try run(["train", out, "-o", more, "--epochs", "1", "--limit", "8"] + options)
      #expect(try ONNXReader.graph(at: more).metadata["recipe"] == recipe)
      let drawn = try Program.run("render", "to be or", "--model", more, "-o", "-")
      #expect(drawn.status == 0, "\(drawn.err)")
      let bad = try Program.run("train", recipe, "-o", out)
      #expect(
        bad.status == 64
          && bad.err.contains("--data: expected a text file for \(recipe), found none"))
      let many = try Program.run("train", recipe, "-o", out, "--data", text, "--holdout", "90")
      #expect(many.status == 64 && many.err.contains("--holdout: expected at most 11 of the 103"))
    }
  }

  @Test func theSameSeedGivesTheSameWeightsForAnyNumberOfThreads() throws {
    try TemporaryFolder.with { folder in
      let digits = [
        "train", "digits", "--limit", "24", "--holdout", "2", "--batch", "9", "--epochs", "1",
      ]
      var files: [[UInt8]] = []
      for (seed, threads) in [(3, 1), (3, 2), (3, 5), (4, 2)] {
        let out = folder.path("\(seed)-\(threads).onnx")
        _ = try run(digits + ["--seed", "\(seed)", "--threads", "\(threads)", "-o", out])
        files.append(try FileBytes.read(out))
      }
      #expect(files[0] == files[1] && files[0] == files[2])
      #expect(files[0] != files[3])
    }
  }

  /// Stopped by a signal in the middle of an epoch, or killed without a word after one.
  @Test(arguments: ["TERM", "KILL"]) func goesOnToTheSameBits(signal: String) throws {
    try TemporaryFolder.with { folder in
      let options =
        "--limit 300 --holdout 20 --batch 4 --optimizer adam --rate .3 --shift 2 --epochs 30"
      let whole = try Program.shell(
        "$ds train sigmoid-numpy \(options) -o \(folder.path("a.onnx"))")
      #expect(whole.status == 0, "\(whole.err)")
      let (b, out) = (folder.path("b.onnx"), folder.path("out"))
      let wait = signal == "KILL" ? "epoch  1/30" : "300 images"
      let stopped = try Program.stopped(
        "$ds train sigmoid-numpy \(options) -o \(b) >\(out) 2>&1", by: signal,
        once: "grep -q '\(wait)' \(out)", for: ".05", output: "\(b) \(b).state \(out)")
      #expect([143, 137].contains(stopped.status), "\(stopped.status) \(stopped.err)")
      let said = try String(contentsOfFile: out, encoding: .utf8)
      if signal != "KILL" { #expect(said.contains("go on with"), "\(said)") }
      let resumed = try Program.shell("$ds train --resume -o \(b) --threads 1")
      #expect(resumed.status == 0, "\(resumed.err)")
      #expect(resumed.out.contains("going on after step"), "\(resumed.out)")
      #expect(try FileBytes.read(b) == FileBytes.read(folder.path("a.onnx")))
    }
  }

  @Test func goesOnForMoreEpochsAndRefusesOtherOptions() throws {
    try TemporaryFolder.with { folder in
      let (a, b) = (folder.path("a.onnx"), folder.path("b.onnx"))
      _ = try run(small + ["--epochs", "3", "-o", a])
      _ = try run(small + ["--epochs", "1", "-o", b, "--log", folder.path("l")])
      _ = try run(
        ["train", "--resume", "--epochs", "3", "-o", b, "--log", folder.path("l")])
      #expect(try FileBytes.read(a) == FileBytes.read(b))
      let log = try String(contentsOfFile: folder.path("l"), encoding: .utf8)
      #expect(log.split(separator: "\n").count == 3, "\(log)")
      for (options, message) in [
        (["--batch", "8"], "expected batch 16, as training began, found 8"),
        (["digits"], "expected model sigmoid-numpy, as training began, found digits"),
        (["--seed", "8"], "expected seed 7, as training began, found 8"),
        (["--data", "/elsewhere"], "expected data synthetic, as training began"),
      ] {
        let result = try run(["train", "--resume", "-o", a] + options, status: 64)
        #expect(result.err.contains(message), "\(result.err)")
      }
      // Settings may be said again.
      _ = try run(small + ["--resume", "--epochs", "3", "-o", a])
    }
  }

  @Test func aDamagedOrMissingStateIsNoticed() throws {
    try TemporaryFolder.with { folder in
      let out = folder.path("a.onnx")
      _ = try run(["train", "--resume", "-o", out], status: 66)
      _ = try run(small + ["--epochs", "1", "-o", out])
      let bytes = try FileBytes.read(out + ".state")
      for damaged in [Array(bytes.dropLast(9)), bytes.map { $0 ^ 1 }, []] {
        try folder.write(damaged, "a.onnx.state")
        let result = try run(["train", "--resume", "-o", out], status: 65)
        #expect(result.err.contains("a.onnx.state"), "\(result.err)")
        #expect(result.err.split(separator: "\n").count == 1)
      }
    }
  }

  /// A write that fails leaves the checkpoint that was there.
  @Test func aFullDiskKeepsTheOldCheckpoint() throws {
    try TemporaryFolder.with { folder in
      let out = folder.path("a.onnx")
      _ = try run(small + ["--epochs", "1", "-o", out])
      let before = try [out, out + ".state"].map { try FileBytes.read($0) }
      let result = try Program.shell(
        "trap '' XFSZ; ulimit -f 50; $ds train --resume --epochs 2 -o \(out)")
      #expect(result.status == 73, "\(result.status) \(result.err)")
      #expect(result.err.contains("cannot write"), "\(result.err)")
      #expect(try [out, out + ".state"].map { try FileBytes.read($0) } == before)
      let names = folder.names
      #expect(names == ["a.onnx", "a.onnx.state"], "\(names)")
    }
  }

  @Test func divergenceNamesTheBatchAndTheCheckpoint() throws {
    try TemporaryFolder.with { folder in
      let out = folder.path("a.onnx")
      let wild = [
        "train", "digits", "--limit", "32", "--holdout", "4", "--batch", "8", "--optimizer", "sgd",
        "--learning-rate", "1e30", "--epochs", "2", "-o", out,
      ]
      let result = try run(wild, status: 70)
      #expect(
        result.err.contains("epoch 1, batch 2: the loss is")
          && result.err.contains("no epoch was finished"), "\(result.err)")
      #expect(!FileManager.default.fileExists(atPath: out))
    }
  }

  @Test func badFilesAreToldBeforeTheFirstBatch() throws {
    try TemporaryFolder.with { folder in
      func header(_ dims: [UInt8]) -> [UInt8] {
        [0, 0, 8, UInt8(dims.count)] + dims.flatMap { [0, 0, 0, $0] }
      }
      func write(_ images: [UInt8], _ labels: [UInt8]) throws {
        try folder.write(images, "train-images-idx3-ubyte")
        try folder.write(labels, "train-labels-idx1-ubyte")
      }
      func expect(_ message: String, status: Int32 = 65) throws {
        let result = try run(
          [
            "train", "sigmoid-numpy", "--data", folder.path, "-o", folder.path("a.onnx"),
          ], status: status)
        #expect(result.err.contains(message), "\(result.err)")
        #expect(result.out.isEmpty)
      }
      try expect("train-images-idx3-ubyte or", status: 66)
      let pixels = [UInt8](repeating: 9, count: 3 * 784)
      try write(header([3, 28, 28]) + pixels, header([2]) + [1, 2])
      try expect("expected 3 labels, one for each image")
      try write(header([3, 28, 28]) + pixels, header([3]) + [1, 10, 2])
      try expect("label 1: expected 0 to 9, the outputs of sigmoid-numpy, found 10")
      try write(header([0, 28, 28]), header([0]))
      try expect("expected images, found none")
      try write(header([3, 14, 56]) + pixels, header([3]) + [1, 2, 3])
      try expect("expected [?,1,28,28], the input of sigmoid-numpy, found [1,14,56]")
    }
  }

  @Test func badUsageIsOneLine() throws {
    try TemporaryFolder.with { folder in
      let out = folder.path("a.onnx")
      for (options, status, message) in [
        (["train"], 64, "expected a recipe (digits, keras-vgg"),
        (["train", "-o", out], 64, "expected a recipe (digits, keras-vgg"),
        (["train", "lenet", "-o", out], 64, "found lenet"),
        (["train", "/nowhere/a.onnx", "-o", out], 66, "/nowhere/a.onnx"),
        (["train", "edges.onnx", "-o", out], 66, "edges.onnx"),
        (["train", "digits", "-o", "/nowhere/a.onnx"], 73, "/nowhere/a.onnx"),
        (["train", "digits", "-o", folder.path("a.pb")], 64, "ending in .onnx"),
        (["train", "digits", "-o", out, "--plot", "x.gif"], 64, ".svg, .png"),
        (["train", "digits", "-o", out, "--rate", "1.5"], 64, "from 0 to 1, found 1.5"),
        (["train", "digits", "-o", out, "--rate", "here=.5"], 64, "found here"),
        (["train", "digits", "-o", out, "--kind", "dropout1=rows"], 64, "found rows"),
        (["train", "digits", "-o", out, "--optimizer", "adamw"], 64, "found adamw"),
        (
          ["train", "digits", "-o", out, "--batch", "0"], 64,
          "--batch: expected 1 to 1000000, found 0"
        ),
        (["train", "digits", "-o", out, "--threads", "0"], 64, "--threads"),
        (["train", "digits", "-o", out, "--learning-rate", "fast"], 64, "found fast"),
      ] as [([String], Int32, String)] {
        let result = try run(options, status: status)
        #expect(result.err.contains(message), "\(options): \(result.err)")
        #expect(result.err.split(separator: "\n").count == 1, "\(result.err)")
        #expect(!FileManager.default.fileExists(atPath: out))
      }
      #expect(try run(["train", "--list"]).out.contains("srivastava-2014"))
    }
  }

  /// Dropout where a person wants it, of the kind they want, ends up in what is written.
  @Test func ratesAndKinds() throws {
    try TemporaryFolder.with { folder in
      let out = folder.path("a.onnx")
      let digits = ["train", "digits", "--limit", "8", "--holdout", "1", "--epochs", "1"]
      _ = try run(
        digits + ["--rate", "dropout1=.75", "--rate", "relu1=.1", "--kind", "dropout2=alpha"]
          + ["-o", out])
      let graph = try ONNXReader.graph(at: out)
      let rates = Network(graph).writtenDropouts.map { $0.rate?.p }
      #expect(rates == [0.1, 0.75, 0], "\(rates)")
      #expect(graph.metadata["dropout dropout2"] == "alpha, rate 0.5")

      // What ONNX can say is said by the graph; at its end dropout acts before the output.
      _ = try run(
        digits + ["--kind", "dropout1=spatial", "--rate", "dense2=.5", "-o", out])
      let said = try ONNXReader.graph(at: out)
      let own = Network(said).writtenDropouts
      #expect(own.map(\.node) == ["dropout1", "dropout2", "dense2.dropout"])
      #expect(own.map { $0.rate?.p } == [0.25, 0.5, 0.5])
      #expect(own.map(\.form) == [.noise, .node, .node])
      #expect(own[0].sharedAxes == [false, false, true, true])
      #expect(own[2].result == said.outputs[0])
      #expect(said.metadata["dropout dropout1"] == nil)
    }
  }

  @Test(.enabled(if: Tmux.executable != nil, "needs tmux")) func onATerminal() throws {
    try TemporaryFolder.with { folder in
      try Tmux.with { tmux in
        try tmux.wait { $0.contains("ready>") }
        let options = "--limit 500 --holdout 20 --batch 4 --epochs 2"
        try tmux.type(
          "clear; \(Program.url.path()) train sigmoid-numpy \(options) -o \(folder.path("a.onnx"))")
        let bar = try tmux.wait { $0.contains("├") && $0.contains("left") }
        #expect(bar.contains("epoch 1/2 ├") && bar.contains("images/s"), "\(bar)")
        let end = try tmux.wait(seconds: 60) { $0.contains("└") && $0.contains("\nready>") }
        // Nothing of the bar is left, and both charts are there.
        #expect(!end.contains("left"), "\(end)")
        #expect(end.contains("loss  ── training") && end.contains("accuracy  ── training"))
        try tmux.type(
          "clear; \(Program.url.path()) train sigmoid-numpy \(options) -o \(folder.path("b.onnx"))")
        try tmux.wait { $0.contains("├") && $0.contains("left") }
        try tmux.press("C-c")
        let stopped = try tmux.wait { $0.contains("go on with: dropscope train --resume") }
        #expect(stopped.contains("stopped in epoch"), "\(stopped)")
        try tmux.type("echo status=$?")
        let status = try tmux.wait { $0.contains("status=130") }
        #expect(status.contains("status=130"), "\(status)")
      }
    }
  }
}
