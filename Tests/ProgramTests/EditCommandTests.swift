import Formats
import Foundation
import Masks
import NeuralNet
import TensorCore
import TestSupport
import Testing

/// `dropscope edit`: dropout added and taken away, in files.
@Suite struct EditCommandTests {
  /// Runs the program, which must end so and say one line where it fails.
  private func run(_ arguments: [String], status: Int32 = 0) throws -> Subprocess {
    let result = try Program.run(arguments)
    #expect(result.status == status, "\(arguments): \(result.err)")
    if status != 0 {
      #expect(result.out.isEmpty && result.err.split(separator: "\n").count == 1, "\(result.err)")
    }
    return result
  }

  @Test func thereAndBack() throws {
    try TemporaryFolder.with { folder in
      let (one, two) = (folder.path("one.onnx"), folder.path("two.onnx"))
      let graph = try #require(try BuiltIns.model("digits"))
      let before = Network(graph).writtenDropouts
      let added = try run(
        ["edit", "digits", "--at", "relu1=spatial,.25", "--at", "conv1=element,.1", "-o", one])
      #expect(added.out == "written: \(one): 2 dropouts added\n")
      let edited = try ONNXReader.graph(at: one)
      let own = Network(edited).writtenDropouts
      #expect(own.count == before.count + 2)
      #expect(own.contains { $0.site == "relu1" && $0.form == .noise && $0.rate?.p == 0.25 })
      #expect(own.contains { $0.site == "conv1" && $0.form == .node && $0.rate?.p == 0.1 })
      let removed = try run(
        ["edit", one, "--without", "relu1_dropout", "--without", "conv1_dropout", "-o", two])
      #expect(removed.out == "written: \(two): 2 dropouts removed\n")
      let back = try ONNXReader.graph(at: two)
      #expect(back.nodes.map(\.name) == graph.nodes.map(\.name))
      #expect(back.nodes.map(\.inputs) == graph.nodes.map(\.inputs))
      #expect(back.constants == graph.constants && back.metadata == graph.metadata)
    }
  }

  /// Into the graphs of nodes, which the program reads again to see.
  @Test func insideNodes() throws {
    try TemporaryFolder.with { folder in
      let (model, out) = (folder.path("inside.onnx"), folder.path("out.onnx"))
      try FileBytes.write(Golden.bytes("formats/inside.onnx"), to: model)
      let sites = ["loop/sum", "choice/else_branch/act", "block1/square/relu", "block2/exp"]
      let options = sites.flatMap { ["--add-dropout", "\($0)=element,.5"] }
      let added = try run(["edit", model] + options + ["-o", out])
      #expect(added.out == "written: \(out): 4 dropouts added\n")
      let info = try run(["info", out]).out
      for site in ["loop/s", "choice/else_branch/o", "block1/square/r", "block2/e"] {
        #expect(info.contains("dropout \(site)_dropout ratio 0.5\n"), "\(info)")
      }
      let refused: [([String], String)] = [
        (["scan/u=locked,.5"], "expected a mask for each turn, as a node draws it"),
        (["loop/sum=weight,.5"], "acts on"), (["loop/no=element,.5"], "no node loop/no"),
      ]
      for (words, reason) in refused {
        let options = words.flatMap { ["--add-dropout", $0] }
        let result = try Program.run(["edit", model] + options + ["-o", out, "--force"])
        #expect([64, 65].contains(result.status) && result.err.contains(reason), "\(result.err)")
      }
      let switched = try run(
        ["edit", out, "--training-input", "training", "-o", folder.path("t.onnx")], status: 65)
      #expect(switched.err.contains("does not reach the Dropout nodes inside it"))
    }
  }

  @Test func anInputSwitchesEveryNode() throws {
    try TemporaryFolder.with { folder in
      let out = folder.path("out.onnx")
      let result = try run(
        ["edit", "digits", "--at", "relu1=row,.5", "--training-input", "training", "-o", out])
      #expect(
        result.out
          == "written: \(out): 1 dropout added, input training switches the Dropout nodes\n")
      let graph = try ONNXReader.graph(at: out)
      #expect(graph.inputs.last?.name == "training" && graph.inputs.last?.type == .bool)
      let own = Network(graph).writtenDropouts
      #expect(own.count == 3 && own.allSatisfy { $0.activity == .given("training") })
      let info = try run(["info", out]).out
      #expect(
        info.contains("warning: dropout dropout1: acts where input training is true"), "\(info)")
    }
  }

  @Test func whatCannotBe() throws {
    try TemporaryFolder.with { folder in
      let (out, there) = (folder.path("out.onnx"), try folder.write("mine", "there.onnx"))
      for (options, status, message) in [
        (["digits", "-o", out], 64, "expected --add-dropout, --disable-dropout or"),
        (["digits", "--at", "relu1=element,.5", "-o", folder.path("a.pb")], 64, "ending in .onnx"),
        (["digits", "--at", "relu1=element,.5", "-o", there], 73, "is there already; --force"),
        (["digits", "--at", "rleu1=element,.5", "-o", out], 64, "no node rleu1; nearest: relu1"),
        (["digits", "--at", "relu1", "-o", out], 64, "--add-dropout: expected NODE=KIND,RATE"),
        (["digits", "--at", "relu1=element,1.5", "-o", out], 64, "0 to 1, found 1.5"),
        (["digits", "--at", "relu1=alpha,.5", "-o", out], 65, "alpha dropout at relu1 cannot be"),
        (
          ["digits", "--at", "relu1=element,.5", "--at", "relu1=row,.5", "-o", out], 65,
          "two dropouts at relu1"
        ),
        (["digits", "--without", "relu1", "-o", out], 64, "expected a Dropout node (dropout1,"),
        (["/nowhere/a.onnx", "--without", "a", "-o", out], 66, "/nowhere/a.onnx"),
        (
          ["edges", "--training-input", "t", "-o", out], 65,
          "training input t: expected a Dropout node to feed it to, found none"
        ),
      ] as [([String], Int32, String)] {
        let result = try run(["edit"] + options, status: status)
        #expect(result.err.contains(message), "\(options): \(result.err)")
        #expect(!FileManager.default.fileExists(atPath: out))
      }
      #expect(try FileBytes.read(there) == Array("mine".utf8))
      _ = try run(["edit", "digits", "--without", "dropout1", "--force", "-o", there])
      #expect(Network(try ONNXReader.graph(at: there)).writtenDropouts.map(\.node) == ["dropout2"])
    }
  }

  @Test("operators nobody here can run, and names that stand for two nodes")
  func foreignOperators() throws {
    try TemporaryFolder.with { folder in
      let (model, out) = (folder.path("model.onnx"), folder.path("out.onnx"))
      let graph = try Graph(
        name: "g", inputs: [.init("x", dims: [nil, 3])], outputs: ["y"],
        nodes: [
          Node(name: "odd", "Mystery", domain: "org.example", inputs: ["x"], outputs: ["a"]),
          Node(name: "odd", "Mystery", domain: "org.example", inputs: ["a"], outputs: ["b"]),
          Node(name: "last", "Mystery", domain: "org.example", inputs: ["b"], outputs: ["y"]),
        ], opsets: ["": 17, "org.example": 1])
      try FileBytes.write(ONNXWriter.bytes(graph, named: model), to: model)
      #expect(try run(["info", model]).out.contains("2 nodes are called odd: odd#2 is the second"))
      _ = try run(["edit", model, "--at", "odd#2=element,.25", "-o", out])
      let edited = try ONNXReader.graph(at: out)
      #expect(edited.producer(of: "y")?.inputs == ["b_dropout"])
      #expect(edited.nodes.map(\.opType) == ["Mystery", "Mystery", "Dropout", "Mystery"])
    }
  }
}
