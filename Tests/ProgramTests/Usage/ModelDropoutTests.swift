import ArgumentParser
import Formats
import Foundation
import NeuralNet
import Scope
import Studies
import TensorCore
import TestSupport
import Testing

@testable import Program

/// The model's own dropout beside the one shown: off unless it is switched on.
@Suite struct ModelDropoutTests {
  private func output(_ words: String...) throws -> String {
    let run = try Program.run(["export", "seven", "--stage", "output", "-o", "-"] + words)
    #expect(run.status == 0, "\(words): \(run.err)")
    return run.out
  }

  @Test func onlyWhatIsShownActs() throws {
    let undropped = try output("--mode", "eval")
    let off = try output("--at", "none")
    #expect(off == undropped)
    #expect(try output("--rate", "0") == undropped)
    #expect(try output("--at", "none", "--model-dropout", "off") == off)
    let on = try output("--at", "none", "--model-dropout", "on")
    #expect(on != off)
    #expect(try output("--at", "none", "--model-dropout", "on", "--mode", "eval") == undropped)
    // Switched on, and each of the two disabled, it is off.
    let one = try output("--at", "none", "--model-dropout", "on", "--disable-dropout", "dropout1")
    #expect(one != on && one != off)
    let none = try output(
      "--at", "none", "--model-dropout", "on", "--disable-dropout", "dropout1",
      "--disable-dropout", "dropout2")
    #expect(none == off)
    let bad = try Program.run("--model-dropout", "maybe")
    #expect(bad.status == 64 && bad.err.contains("'maybe'"), "\(bad.err)")
  }

  /// Old names are the new ones.
  @Test func aliases() throws {
    let new = try output(
      "--add-dropout", "conv2=spatial,.25", "--model-dropout", "on", "--disable-dropout", "dropout1"
    )
    let old = try output(
      "--also", "conv2=spatial,.25", "--model-dropout", "on", "--without", "dropout1")
    #expect(new == old)
    #expect(try new != output("--model-dropout", "on"))
    let views = try [["--add-dropout", "--disable-dropout"], ["--also", "--without"]].map { names in
      let words = [
        names[0], "conv2=spatial,.25", "--model-dropout", "on", names[1], "dropout1",
      ]
      return (
        try Program.run(["view"] + words).out, try Program.run(["render", "-o", "-"] + words).out
      )
    }
    #expect(views[0] == views[1])
    try TemporaryFolder.with { folder in
      let names = [
        ("a", "--add-dropout", "--disable-dropout"), ("b", "--at", "--without"),
        ("c", "--also", "--without"),
      ]
      for (file, add, disable) in names {
        let run = try Program.run(
          ["edit", "digits", add, "conv2=element,.25", disable, "dropout1", "-o", "\(file).onnx"],
          in: folder)
        #expect(run.status == 0, "\(run.err)")
        #expect(
          try FileBytes.read(folder.path("\(file).onnx"))
            == FileBytes.read(folder.path("a.onnx")))
      }
    }
  }

  /// A command that opens the view again says it; a script that does not say it was made when it acted.
  @Test func scriptsKeepTheirMeaning() throws {
    func state(_ words: String...) throws -> State {
      try ScriptHeader(arguments: ["seven", "--model", "digits"] + words).open(from: "s")
    }
    let before = try state()
    #expect(before.setting.isModelDropoutActive)
    #expect(before.commandLine.contains("--model-dropout on"))
    let off = try state("--model-dropout", "off")
    #expect(!off.setting.isModelDropoutActive)
    #expect(off.commandLine.contains("--model-dropout off"))
    let again = try ScriptHeader(off, mask: nil).open(from: "s")
    #expect(again.setting == off.setting)
    let fresh = try ViewOptions.parse(["seven"]).open()
    #expect(!fresh.setting.isModelDropoutActive)
    #expect(fresh.setting == off.setting || fresh.setting.layer == off.setting.layer)
    // A model without any has nothing to say.
    let edges = try ScriptHeader(arguments: ["seven", "--model", "edges"]).open(from: "s")
    #expect(!edges.commandLine.contains("--model-dropout"))
  }

  /// Also what acts at inference: dropout whose file says so, with and without its mask.
  @Test(arguments: [["d"], ["d", "mask"]]) func dropoutThatAlwaysActs(outputs: [String]) throws {
    try TemporaryFolder.with { folder in
      let graph = try Graph(
        name: "always", inputs: [Graph.Input("x", dims: [1, 1, 28, 28])], outputs: ["y"],
        constants: [
          "ratio": .float32(Tensor(scalar: 0.5)), "yes": .bool(NDArray(Shape([]), [true])),
        ],
        nodes: [
          Node(name: "drop", "Dropout", inputs: ["x", "ratio", "yes"], outputs: outputs),
          Node(name: "relu", "Relu", inputs: ["d"], outputs: ["y"]),
        ])
      let model = try folder.write(try ONNXWriter.bytes(graph, named: "always"), "always.onnx")
      func export(_ stage: String, _ words: String...) throws -> String {
        let run = try Program.run(
          [
            "export", "seven", "--model", model, "--layer", "relu", "--at", "none", "--stage",
            stage,
          ]
            + ["-o", "-"] + words)
        #expect(run.status == 0, "\(run.err)")
        return run.out
      }
      let clean = try export("clean")
      #expect(try export("dropped") == clean)
      #expect(try export("dropped", "--mode", "eval") == clean)
      #expect(try export("dropped", "--model-dropout", "on") != clean)
      #expect(try export("dropped", "--model-dropout", "on", "--mode", "eval") != clean)
    }
  }
}
