import NeuralNet
import TensorCore
import Testing
import TestSupport

@testable import Formats

@Suite struct ONNXBadInputTests {
  private func read(_ bytes: [UInt8], _ name: String) throws {
    _ = try ONNXReader.graph(from: bytes, named: name)
  }

  static let cases: [([UInt8], String)] = [
    ([], "m: expected an ONNX model, found an empty file"),
    (Array("just some text, no model\n".utf8), "m: expected an ONNX model, found text"),
    (
      Array(Proto.model(Proto.relu).dropFirst(2)),
      "m: expected an ONNX model, found no ir_version in it"
    ),
    (
      Array(Proto.model(Proto.relu).dropLast(9)),
      "m: expected an ONNX model, found a field that goes on after the file's end"
    ),
    (Wire.number(1, 8).bytes, "m: expected an ONNX model, found no graph in it"),
    (Proto.model(Proto.input("x", [1])), "m: graph: expected nodes, found none"),
    (
      Wire(.number(1, 8), .message(7, Proto.relu)).bytes,
      "m: opset_import: expected an operator set, found none"
    ),
    (
      Proto.model(Proto.relu, opset: -3),
      "m: opset_import: expected a version of 1 or more, found -3"
    ),
    // Shapes
    (
      Proto.model(Proto.relu, Proto.tensor("w", [-2, -3], Proto.raw(24))),
      "m: tensor w: expected dimensions of 0 or more whose product fits 63 bits, found [-2,-3]"
    ),
    (
      Proto.model(Proto.relu, Proto.tensor("w", [1 << 40, 1 << 40], Proto.raw(4))),
      "m: tensor w: expected dimensions of 0 or more whose product fits 63 bits, found "
        + "[1099511627776,1099511627776]"
    ),
    (
      Proto.model(Proto.relu, Proto.tensor("w", [1 << 40, 0, 1 << 40])),
      "m: tensor w: expected dimensions of 0 or more whose product fits 63 bits, found "
        + "[1099511627776,1,1099511627776]"
    ),
    (
      Proto.model(Proto.relu, Proto.tensor("w", [1 << 62], Proto.raw(4))),
      "m: tensor w: expected a size that fits 63 bits, found 4611686018427387904 float32"
    ),
    (
      Proto.model(Proto.relu, Proto.tensor("w", [1 << 40], Proto.raw(8))),
      "m: tensor w says 1099511627776 float32 = 4,398,046,511,104 bytes, 8 remain"
    ),
    (
      Proto.model(Proto.relu, Proto.tensor("w", [3], Proto.raw(11))),
      "m: tensor w says 3 float32 = 12 bytes, 11 remain"
    ),
    (
      Proto.model(Proto.relu, Proto.tensor("w", [3])),
      "m: tensor w says 3 float32 = 12 bytes, 0 remain"
    ),
    (
      Proto.model(Proto.relu, Proto.tensor("w", type: 7, [1], .number(7, 1), .number(7, 2))),
      "m: tensor w says 1 int64 = 8 bytes, 16 remain"
    ),
    (
      Proto.model(Proto.input("x", [1, -1]), Proto.node("Relu", ["x"], ["y"])),
      "m: input x: expected dimensions of 0 or more whose product fits 63 bits, found [1,-1]"
    ),
    (
      Proto.model(Proto.input("x", [1 << 20, 1 << 20]), Proto.node("Relu", ["x"], ["y"])),
      "m: input x: expected at most 2³¹ elements, found [1048576,1048576]"
    ),
    // Types
    (
      Proto.model(Proto.relu, Proto.tensor("w", type: 0, [1], Proto.raw(4))),
      "m: tensor w: expected an element type, found none"
    ),
    (
      Proto.model(Proto.relu, Proto.tensor("w", type: 17, [1 << 40, 1 << 40], Proto.raw(1))),
      "m: tensor w: expected dimensions of 0 or more whose product fits 63 bits, found "
        + "[1099511627776,1099511627776]"
    ),
    (
      Proto.model(Proto.relu, Proto.tensor("w", type: 11, [1], .message(3, .number(1, 0)))),
      "m: tensor w: tensors in segments are not supported"
    ),
    (
      Proto.model(
        Proto.node(
          "Constant", [], ["c"],
          .message(5, .text(1, "value"), .message(5, .number(1, 5), .number(2, 1))))),
      "m: node c: attribute value says 5 float32 = 20 bytes, 0 remain"
    ),
    // Names
    (
      Proto.model(Proto.relu, Proto.tensor("w", [0]), Proto.tensor("w", [0])),
      "m: initializers: expected a name for each, found w twice"
    ),
    (
      Proto.model(Proto.relu, Proto.tensor("", [0])),
      "m: initializers: expected a name for each, found one without"
    ),
    (
      Proto.model(Proto.relu, Proto.input("x", [2])),
      "m: inputs: expected a name for each, found x twice"
    ),
    (
      Proto.model(Proto.relu, Proto.input("", [2])),
      "m: inputs: expected a name for each, found one without"
    ),
    // Graphs
    (
      Proto.model(Proto.node("Add", ["b", "b"], ["a"]), Proto.node("Relu", ["a"], ["b"])),
      "m: node a: is part of a cycle"
    ),
    (
      Proto.model(Proto.node("Relu", ["a"], ["a"])),
      "m: node a: is part of a cycle"
    ),
    (Proto.model(Proto.node("Relu", ["no"], ["y"])), "m: node y: reads no, which nothing makes"),
    (
      Proto.model(Proto.relu, Proto.node("Relu", ["x"], ["y"])),
      "m: node y: makes y, which is already there"
    ),
    (Proto.model(Proto.relu, Proto.output("z")), "m: output z is made by no node"),
  ]

  @Test(arguments: cases) func saysWhatIsWrong(_ bytes: [UInt8], _ message: String) {
    let error = formatError("m") { try read(bytes, "m") }
    #expect(error?.description == message)
    #expect(error?.kind == .badData)
  }

  @Test func theModelsThatAreBentAreSound() throws {
    try read(Proto.model(Proto.relu), "m")
    try read(Proto.model(Proto.relu, Proto.tensor("w", [2, 3], Proto.raw(24))), "m")
    // Before IR version 3 there was no opset_import.
    try read(Wire(.number(1, 2), .message(7, Proto.relu)).bytes, "m")
  }

  /// What nothing computes with can be listed and kept all the same.
  @Test func readsTypesThatNothingComputesWith() throws {
    let graph = try ONNXReader.graph(
      from: Proto.model(
        Proto.tensor("text", type: 8, [1], .text(6, "x")),
        Proto.tensor("eight", type: 17, [2, 2], Proto.raw(4)),
        Proto.tensor("new", type: 99, [1], Proto.raw(4)),
        Proto.tensor("huge", type: 13, [1], .number(11, -1)),
        .message(15, .message(1, .text(8, "sparse")), .number(3, 4), .block(3, [5, 6])),
        Proto.input("word", type: 8, [1]),
        .message(11, .text(1, "sequence"), .message(2, .message(4))),
        .message(11, .text(1, "untyped")),
        .message(11, .text(1, "shapeless"), .message(2, .message(1, .number(1, 1)))),
        Proto.node("Odd", ["word", "sparse", "huge"], ["y"])), named: "m")
    #expect(
      graph.constants == [
        "text": .opaque(.string, [1]),
        "eight": .typed(.float8e4m3fn, .float32(Tensor([2, 2], repeating: 0))),
        "new": .opaque(.unsupported, [1]), "huge": .typed(.uint64, .int64(NDArray([1], [-1]))),
        "sparse": .opaque(.unsupported, [4, 5, 6]),
      ])
    #expect(
      graph.inputs == [
        Graph.Input("word", type: .string, dims: [1]),
        Graph.Input("sequence", type: .unsupported, dims: [], hasShape: false),
        Graph.Input("untyped", type: .unsupported, dims: [], hasShape: false),
        Graph.Input("shapeless", dims: [], hasShape: false),
      ])
    #expect(graph.inputs[3].accepts([]) && graph.inputs[3].accepts([1, 2, 3]))
    #expect(graph.inputs[3].shapeText == "[…]" && !graph.inputs[0].accepts([]))
    let error = #expect(throws: GraphError.self) { try Network(graph).run([:]) }
    #expect(error?.description == "input word of shape [1] is missing")
  }

  @Test func refusesMessagesNestedTooDeeply() {
    // An attribute holds a graph, which holds a node, which holds an attribute …
    var tensor = Wire.number(2, 1)
    for _ in 0..<100_000 where tensor.bytes.count < 1_000_000 { tensor = .message(6, tensor) }
    let bytes = Proto.model(Proto.relu, .message(1, .text(2, "d"), .message(5, tensor)))
    // Fields that are not read are skipped, however deep; the attribute has no type.
    #expect(throws: Never.self) { try read(bytes, "m") }
  }

  @Test func refusesBodiesNestedTooDeeply() throws {
    // A body holds a node, whose attribute holds a body …
    func nested(_ levels: Int) -> [UInt8] {
      var node = Proto.node("Relu", ["x"], ["inner"])
      for _ in 0..<levels {
        node = .message(
          1, .text(2, "made"), .text(4, "If"), .message(5, .text(1, "b"), .message(6, node)))
      }
      return Proto.model(Proto.input("x", [1]), node)
    }
    let graph = try ONNXReader.graph(from: nested(20), named: "m")
    #expect(graph.nodes[0].bodyReads == ["x"])
    let error = formatError("m") { try read(nested(2000), "m") }
    #expect(error?.description == "m: expected an ONNX model, found messages nested too deeply")
  }

  @Test(
    arguments: [
      (
        ["location": "../secret"],
        "expected external data in a file of the model's folder, without links, found \"../secret\""
      ),
      (
        ["location": "/etc/passwd"],
        "expected external data in a file of the model's folder, without links, found \"/etc/passwd\""
      ),
      ([:], "expected external data in a file of the model's folder, without links, found \"\""),
      (
        ["location": "data", "offset": "-1"],
        "tensor w: external offset: expected a number of bytes, found \"-1\""
      ),
      (["location": "data", "offset": "11"], "tensor w: external offset says 11 bytes, 10 remain"),
      (
        ["location": "data", "offset": "4", "length": "9223372036854775807"],
        "tensor w: external length says 9,223,372,036,854,775,807 bytes, 6 remain"
      ),
      (["location": "data", "offset": "6"], "tensor w says 2 float32 = 8 bytes, 4 remain"),
    ] as [([String: String], String)])
  func refusesExternalData(_ entries: [String: String], _ message: String) throws {
    let folder = try TemporaryFolder()
    try FileBytes.write([UInt8](repeating: 0, count: 10), to: folder.path("data"))
    let bytes = Proto.model(Proto.relu, Proto.tensor("w", [2], Proto.external(entries)))
    let path = folder.path("m.onnx")
    let error = formatError(path) { try read(bytes, path) }
    #expect(error?.description.hasSuffix(message) == true, "\(String(describing: error))")
  }

  @Test func namesAnExternalFileThatIsMissing() throws {
    let folder = try TemporaryFolder()
    let entries = ["location": "data"]
    let bytes = Proto.model(Proto.relu, Proto.tensor("w", [2], Proto.external(entries)))
    let error = formatError(folder.path("data")) { try read(bytes, folder.path("m.onnx")) }
    #expect(error?.kind == .missingInput)
  }

  /// A model cut short lacks its operator sets, which come last, or ends inside a field.
  @Test(arguments: ["types.onnx", "external.onnx"]) func refusesCuts(_ name: String) throws {
    let bytes = try golden(name)
    FormatsTests.refusesCuts(bytes) { try read($0, $1) }
  }

  @Test(arguments: ["types.onnx", "unpacked.onnx", "everything.onnx", "kept.onnx"])
  func refusesDamage(_ name: String) throws {
    readDamaged(try golden(name)) { try read($0, $1) }
  }

  @Test(
    .enabled(if: Shared.has("data/models/cntk_mnist-8.onnx"), "needs ../shared"),
    arguments: ["burn_mnist_with_dropout.onnx", "cntk_mnist-8.onnx"])
  func refusesPeersModelsCut(_ name: String) throws {
    let bytes = try FileBytes.read(Shared.path("data/models/\(name)"))
    FormatsTests.refusesCuts(bytes, cuts: 64) { try read($0, $1) }
  }
}
