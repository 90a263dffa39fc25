import Foundation
import Masks
import NeuralNet
import SwiftProtobuf
import TensorCore
import TestSupport
import Testing

@testable import Formats

/// A model read, changed and written: only what was changed is other than it was.
@Suite struct ONNXEditTests {
  private func read(_ name: String = "kept.onnx") throws -> Graph {
    try ONNXReader.graph(from: golden(name), named: name)
  }

  /// The messages that a graph is written as, fields nobody knows included.
  private func written(_ graph: Graph) throws -> Onnx_ModelProto {
    try proto(try ONNXWriter.bytes(graph, named: "out.onnx"))
  }
  private func proto(_ bytes: [UInt8]) throws -> Onnx_ModelProto {
    try Onnx_ModelProto(serializedBytes: bytes)
  }
  /// Messages as bytes: one with a NaN in it is not equal to itself.
  private func encoded(_ messages: [some Message]) throws -> [[UInt8]] {
    try messages.map { try $0.serializedBytes() }
  }
  private func kept() throws -> Onnx_ModelProto { try proto(golden("kept.onnx")) }

  /// The names in a body, as ONNX's messages say them.
  private func body(
    _ model: Onnx_ModelProto, _ node: String, _ attribute: String
  ) throws -> [String] {
    let node = try #require(model.graph.node.first { $0.name == node })
    let attribute = try #require(node.attribute.first { $0.name == attribute })
    let bytes: [UInt8] = try attribute.serializedBytes()
    var wire = WireReader(ByteSource(bytes, named: "body"))
    let body = try #require(try wire.fields(0..<bytes.count)?.first { $0.isBlock(6) })
    var names: [String] = []
    for field in try #require(try wire.fields(body.content)) where field.isBlock(1) {
      for part in try #require(try wire.fields(field.content)) where part.isBlock(1) {
        names.append(try wire.text(part))
      }
    }
    return names
  }

  /// `x → dense → c`, and an Identity put behind it that makes c instead, as dropout is added.
  private func insertion(_ graph: Graph, type: String = "Identity") throws -> Graph {
    var nodes = graph.nodes
    let index = try #require(nodes.firstIndex { $0.outputs == ["c"] })
    nodes[index].outputs = ["c.clean"]
    nodes.append(Node(name: "added", type, inputs: ["c.clean"], outputs: ["c"]))
    return try graph.with(nodes: nodes)
  }

  /// Dropouts inside the graphs of nodes: in bodies, and in functions, of which one call then has a form of its
  /// own.
  @Test func dropoutGoesIntoGraphsOfNodes() throws {
    let original = try read("inside.onnx")
    let names = [
      "loop/sum", "scan/u", "choice/then_branch/exp", "choice/else_branch/act",
      "block1/square/relu", "block2/exp", "block2/square/mul",
    ]
    var (graph, values) = (original, [String]())
    for name in names {
      let shown = try #require(try graph.showing(name))
      graph = shown.graph
      values.append(shown.value)
    }
    #expect(values[0] == "loop/s" && values[4] == "block1/square/r")
    let edited = try graph.edited { edit throws(GraphError) in
      for value in values {
        try edit.add(Dropout(ElementDropout(), rate: Rate(clamping: 0.5)), at: value)
      }
    }
    let bytes = try ONNXWriter.bytes(edited, named: "out.onnx")
    let model = try proto(bytes)
    // What is not inside stays as it was, but for the names of the functions that are called.
    let before = try proto(golden("inside.onnx"))
    #expect(model.graph.initializer == before.graph.initializer)
    #expect(model.functions.prefix(2) == before.functions[...])
    #expect(
      model.functions.map(\.name)
        == [
          "Square", "Block", "Square_dropout", "Block_dropout", "Square_dropout2", "Block_dropout2",
        ])
    #expect(
      model.graph.node.map(\.opType)
        == ["Loop", "Scan", "If", "Add", "Block_dropout", "Block_dropout2"])
    let back = try ONNXReader.graph(from: bytes, named: "out.onnx")
    #expect(back.nodes.map(\.inputs) == original.nodes.map(\.inputs))
    #expect(back.nodes.map(\.outputs) == original.nodes.map(\.outputs))
    func dropouts(_ graph: Graph) -> Int {
      graph.nodes.reduce(0) { sum, node in
        let bodies = node.attributes.values.compactMap(\.body) + (node.function.map { [$0] } ?? [])
        return bodies.reduce(sum + (node.opType == "Dropout" ? 1 : 0)) { $0 + dropouts($1.graph) }
      }
    }
    #expect(dropouts(original) == 0 && dropouts(back) == 7)
    for flag in [true, false] {
      let inputs: [String: Value] = [
        "x": .float32(Tensor([2, 6], (0..<12).map { Float($0) / 12 })),
        "flag": .bool(NDArray([], [flag])),
      ]
      let plain = try Network(original).run(inputs).tensor("out")
      #expect(try Network(back).run(inputs).tensor("out") == plain)
      #expect(
        try Network(back).run(inputs, context: RunContext(mode: .train)).tensor("out") != plain)
    }
    // A second edit goes on from there.
    let (again, value) = try #require(try back.showing("block2/square/relu"))
    let twice = try again.edited { edit throws(GraphError) in
      try edit.add(Dropout(ElementDropout(), rate: Rate(clamping: 0.5)), at: value)
    }
    let second = try ONNXReader.graph(
      from: try ONNXWriter.bytes(twice, named: "two.onnx"), named: "two.onnx")
    #expect(dropouts(second) == 8)
  }

  /// Of functions that share a name the one that is called is copied.
  @Test func dropoutGoesIntoTheOverloadThatIsCalled() throws {
    var model = try proto(golden("inside.onnx"))
    model.irVersion = 10
    let block = try #require(model.functions.firstIndex { $0.name == "Block" })
    var other = model.functions[block]
    model.functions[block].overload = "a"
    other.overload = "b"
    other.node[0].opType = "Tanh"
    model.functions.append(other)
    for (name, overload) in [("block1", "a"), ("block2", "b")] {
      let index = try #require(model.graph.node.firstIndex { $0.name == name })
      model.graph.node[index].overload = overload
    }
    let bytes: [UInt8] = try model.serializedBytes()
    let original = try ONNXReader.graph(from: bytes, named: "overloads.onnx")
    let (graph, value) = try #require(try original.showing("block2/exp"))
    let edited = try graph.edited { edit throws(GraphError) in
      try edit.add(Dropout(ElementDropout(), rate: Rate(clamping: 0.5)), at: value)
    }
    let back = try ONNXReader.graph(
      from: try ONNXWriter.bytes(edited, named: "out.onnx"), named: "out.onnx")
    #expect(back.nodes.suffix(2).map(\.opType) == ["Block", "Block_dropout"])
    #expect(
      back.nodes.last?.function?.graph.nodes.map(\.opType)
        == ["Constant", "Tanh", "Dropout", "Square"])
    let inputs: [String: Value] = [
      "x": .float32(Tensor([2, 6], (0..<12).map { Float($0) / 12 })),
      "flag": .bool(NDArray([], [true])),
    ]
    #expect(
      try Network(back).run(inputs).tensor("out") == Network(original).run(inputs).tensor("out"))
  }

  @Test func addsANodeAndKeepsAllElse() throws {
    var expected = try kept()
    expected.graph.node[0].output = ["c.clean"]
    var node = Onnx_NodeProto()
    (node.name, node.opType, node.input, node.output) = ("added", "Identity", ["c.clean"], ["c"])
    // Before the first that reads it, in a body.
    expected.graph.node.insert(node, at: 2)
    let written = try written(insertion(read()))
    // What the file says of c it says of c.clean too, behind it. This field is none that the reader
    // has a message for, and stands among the unknown ones.
    #expect(try encoded(written.graph.node) == encoded(expected.graph.node))
    #expect(written.graph.initializer == expected.graph.initializer)
    #expect(written.graph.input == expected.graph.input)
    #expect(written.graph.output == expected.graph.output)
    #expect(written.unknownFields == expected.unknownFields)
    let infos = try infos(written)
    #expect(infos.map(\.name) == ["c", "c.clean", "chosen", "org.local::Twice/t"])
    var renamed = infos[0]
    renamed.name = "c.clean"
    #expect(infos[1] == renamed)
    // Bodies read what is called c, which is the added node's.
    #expect(try body(written, "if", "then_branch") == ["c", "half32", "flag"])
  }

  private func infos(_ model: Onnx_ModelProto) throws -> [Onnx_ValueInfoProto] {
    let bytes: [UInt8] = try model.graph.serializedBytes()
    let source = ByteSource(bytes, named: "graph")
    var wire = WireReader(source)
    return try #require(try wire.fields(0..<bytes.count)).filter { $0.isBlock(13) }.map {
      try Onnx_ValueInfoProto(serializedBytes: try source.bytes($0.content))
    }
  }

  @Test func addingAndTakingAwayIsNoChange() throws {
    let bytes = try ONNXWriter.bytes(insertion(read()), named: "a")
    let graph = try ONNXReader.graph(from: bytes, named: "a")
    var nodes = graph.nodes.filter { $0.name != "added" }
    nodes[0].outputs = ["c"]
    let back = try ONNXWriter.bytes(graph.with(nodes: nodes), named: "a")
    let model = try proto(back)
    #expect(try encoded(model.graph.node) == encoded(kept().graph.node))
    #expect(try infos(model).map(\.name) == ["c", "c", "chosen", "org.local::Twice/t"])
  }

  @Test func renamesAValueWhereverItIsSpokenOf() throws {
    let graph = try read()
    func rename(_ names: [String]) -> [String] { names.map { $0 == "c" ? "new" : $0 } }
    let nodes = graph.nodes.map { node in
      var node = node
      (node.inputs, node.outputs) = (rename(node.inputs), rename(node.outputs))
      node.bodyReads = rename(node.bodyReads)
      return node
    }
    let changed = try graph.with(nodes: nodes)
    let bytes = try ONNXWriter.bytes(changed, named: "a")
    let written = try proto(bytes)
    #expect(try body(written, "if", "then_branch") == ["new", "half32", "flag"])
    #expect(try body(written, "loop", "body") == ["going", "v", "new"])
    #expect(try infos(written).map(\.name) == ["new", "chosen", "org.local::Twice/t"])
    let back = try ONNXReader.graph(from: bytes, named: "a")
    #expect(back.producer(of: "chosen")?.bodyReads == ["new", "half32", "flag"])
    // And back again: the same file.
    let again = try back.with(
      nodes: back.nodes.map { node in
        var node = node
        node.inputs = node.inputs.map { $0 == "new" ? "c" : $0 }
        node.outputs = node.outputs.map { $0 == "new" ? "c" : $0 }
        node.bodyReads = node.bodyReads.map { $0 == "new" ? "c" : $0 }
        return node
      })
    #expect(try ONNXWriter.bytes(again, named: "a") == golden("kept.onnx"))
  }

  @Test func refusesANameThatABodyMakesItself() throws {
    let graph = try read()
    let nodes = graph.nodes.map { node in
      var node = node
      node.outputs = node.outputs.map { $0 == "c" ? "twice" : $0 }
      node.inputs = node.inputs.map { $0 == "c" ? "twice" : $0 }
      node.bodyReads = node.bodyReads.map { $0 == "c" ? "twice" : $0 }
      return node
    }
    let changed = try graph.with(nodes: nodes)
    let error = formatError("b.onnx") { _ = try ONNXWriter.bytes(changed, named: "b.onnx") }
    #expect(
      error?.description
        == "b.onnx: node if: a body has a value called twice of its own and cannot read the one "
        + "around it")
  }

  @Test func refusesBodiesThatReadAnotherNumberOfValues() throws {
    let graph = try read()
    var nodes = graph.nodes
    let index = try #require(nodes.firstIndex { $0.name == "if" })
    nodes[index].bodyReads = ["c"]
    let changed = try graph.with(nodes: nodes)
    let error = formatError("b.onnx") { _ = try ONNXWriter.bytes(changed, named: "b.onnx") }
    #expect(
      error?.description == "b.onnx: node if: expected bodies that read 3 values, found 1")
  }

  @Test func removesNodesAndWhatIsSaidOfTheirValues() throws {
    let graph = try read()
    // Without the If, the Loop carries c itself.
    var nodes = graph.nodes.filter { $0.name != "if" }
    let loop = try #require(nodes.firstIndex { $0.name == "loop" })
    nodes[loop].inputs[2] = "c"
    var constants = graph.constants
    constants["tail"] = nil
    let written = try written(graph.with(constants: constants, nodes: nodes))
    var expected = try kept()
    expected.graph.node.remove(at: 2)
    expected.graph.node[2].input[2] = "c"
    expected.graph.initializer.removeAll { $0.name == "tail" }
    #expect(try encoded(written.graph.node) == encoded(expected.graph.node))
    #expect(written.graph.initializer == expected.graph.initializer)
    #expect(try infos(written).map(\.name) == ["c", "org.local::Twice/t"])
  }

  @Test func changesAttributesAndNothingBesideThem() throws {
    let graph = try read()
    var nodes = graph.nodes
    let odd = try #require(nodes.firstIndex { $0.name == "odd" })
    nodes[odd].attributes["s"] = .string("other")
    nodes[odd].attributes["new"] = .ints([1, 2])
    nodes[odd].name = "odder"
    let written = try written(graph.with(nodes: nodes))
    var expected = try kept()
    let index = try #require(expected.graph.node.firstIndex { $0.name == "odd" })
    expected.graph.node[index].name = "odder"
    var list = Onnx_AttributeProto()
    (list.name, list.type, list.ints) = ("new", .ints, [1, 2])
    expected.graph.node[index].attribute.append(list)
    var attributes = expected.graph.node[index].attribute
    let place = try #require(attributes.firstIndex { $0.name == "s" })
    var text = Onnx_AttributeProto()
    (text.name, text.type, text.s) = ("s", .string, .init("other".utf8))
    attributes[place] = text
    expected.graph.node[index].attribute = attributes
    #expect(try encoded(written.graph.node) == encoded(expected.graph.node))
    // An attribute that cannot be read can be taken away, not changed.
    nodes[odd].attributes["t"] = nil
    let fewer = try self.written(graph.with(nodes: nodes)).graph.node[index].attribute
    #expect(fewer.map(\.name) == ["f", "s", "st", "tp", "new"])
    nodes[odd].attributes["st"] = .unsupported("GRAPH")
    let changed = try graph.with(nodes: nodes)
    #expect(
      formatError("b") { _ = try ONNXWriter.bytes(changed, named: "b") }?.description
        == "b: node odder: attribute st: expected numbers, text or a tensor, "
        + "found unsupported(\"GRAPH\")")
  }

  /// A weight that was trained keeps its element type, its name, and what the file says of it.
  @Test(arguments: ["raw", "typed"]) func writesChangedConstantsInTheirType(_ form: String) throws {
    let graph = try read("types.onnx")
    let before = try proto(golden("types.onnx"))
    for tensor in before.graph.initializer where tensor.name.hasSuffix(form) {
      var constants = graph.constants
      let old = try #require(constants[tensor.name])
      let new: Value
      switch old.computed {
      case .float32(let x): new = try Value(.float32(x.map { $0 / 4 }), as: old.type)
      case .int64(let x): new = try Value(.int64(x.map { $0 / 2 }), as: old.type)
      case .bool(let x): new = .bool(x.map { !$0 })
      case .typed, .opaque, .sequence, .absent: continue
      }
      // Whoever computed it may have left it in the type it computes in.
      for value in [new, new.computed] {
        constants[tensor.name] = value
        let bytes = try ONNXWriter.bytes(graph.with(constants: constants), named: "a")
        let after = try proto(bytes)
        for (a, b) in zip(after.graph.initializer, before.graph.initializer) {
          if a.name == tensor.name {
            #expect(a.dataType == b.dataType && a.dims == b.dims && a.rawData != b.rawData)
          } else {
            #expect(a == b)
          }
        }
        #expect(try ONNXReader.graph(from: bytes, named: "a").constants[tensor.name] == new)
      }
    }
  }

  @Test func keepsWhatIsSaidOfAConstantThatChanged() throws {
    let graph = try read()
    var constants = graph.constants
    constants["w"] = .float32(Tensor([4, 4], repeating: 2))
    constants["double"] = try Value(.float32(Tensor([4], repeating: 3)), as: .float64)
    let written = try written(graph.with(constants: constants))
    var expected = try kept()
    expected.graph.initializer[0].rawData = .init(
      Value.float32(Tensor([4, 4], repeating: 2)).bytes)
    expected.graph.initializer[2].rawData = .init(try #require(constants["double"]).bytes)
    #expect(written.graph.initializer[2] == expected.graph.initializer[2])
    // Its doc string, its metadata and a field nobody knows, in this order.
    let (w, old) = (written.graph.initializer[0], expected.graph.initializer[0])
    #expect(w.rawData == old.rawData && w.unknownFields == old.unknownFields)
    #expect(!w.unknownFields.data.isEmpty)
  }

  /// A float64 weight has more digits than the program computes with; they are lost only where it is
  /// changed.
  @Test func keepsTheDigitsOfConstantsThatDidNotChange() throws {
    let third = withUnsafeBytes(of: (1.0 / 3).bitPattern.littleEndian) { Array($0) }
    let nan = [0x01, 0xFE] as [UInt8]
    let bytes = Proto.model(
      Proto.relu, Proto.tensor("d", type: 11, [1], .block(9, third)),
      Proto.tensor("h", type: 10, [1], .block(9, nan)),
      Proto.tensor("b", type: 9, [2], .block(9, [2, 0])))
    let graph = try ONNXReader.graph(from: bytes, named: "m")
    #expect(try ONNXWriter.bytes(graph, named: "m") == bytes)
  }

  /// A tensor of more than one piece, changed in its last number.
  @Test func findsAChangeAtTheEndOfALargeConstant() throws {
    let count = 700_001
    let numbers = (0..<count).map { Float($0) }
    let raw = numbers.withUnsafeBytes { Array($0) }
    for field in [9, 4] {
      let bytes = Proto.model(Proto.relu, Proto.tensor("w", [count], .block(field, raw)))
      let graph = try ONNXReader.graph(from: bytes, named: "m")
      #expect(try ONNXWriter.bytes(graph, named: "m") == bytes)
      var changed = numbers
      changed[count - 1] = 7
      let other = try graph.with(constants: ["w": .float32(Tensor([count], changed))])
      let back = try ONNXReader.graph(from: ONNXWriter.bytes(other, named: "m"), named: "m")
      #expect(back.constants["w"]?.tensor?.elements == changed)
    }
  }

  @Test func addsOperatorSetsAndMetadata() throws {
    let graph = try read()
    let written = try written(
      graph.with(
        opsets: graph.opsets.merging(["org.added": 3, "": 21]) { $1 },
        metadata: ["note": "β", "normalize": "0.5,0.25", "dropscope": "1"]))
    var expected = try kept()
    expected.irVersion = 10
    expected.opsetImport[0].version = 21
    var opset = Onnx_OperatorSetIdProto()
    (opset.domain, opset.version) = ("org.added", 3)
    expected.opsetImport.append(opset)
    expected.metadataProps[1].value = "β"
    var entry = Onnx_StringStringEntryProto()
    (entry.key, entry.value) = ("dropscope", "1")
    expected.metadataProps.append(entry)
    #expect(try encoded([written]) == encoded([expected]))
    let newer = try self.written(graph.with(opsets: graph.opsets.merging(["": 24]) { $1 }))
    #expect(newer.irVersion == 12)
    #expect(try self.written(graph.with(metadata: [:])).metadataProps.isEmpty)
  }

  @Test func keepsWhatIsSaidOfAnOutputThatWasRenamed() throws {
    let graph = try read()
    var nodes = graph.nodes
    let call = try #require(nodes.firstIndex { $0.outputs == ["y"] })
    // Renamed, and in the place of another.
    nodes[call].outputs = ["w.y"]
    var written = try written(graph.with(outputs: ["z", "w.y"], nodes: nodes))
    var expected = try kept().graph.output
    expected[0].name = "w.y"
    #expect(written.graph.output == [expected[1], expected[0]])
    // An output in its place that a new node makes.
    nodes[call].outputs = ["y"]
    nodes.append(Node("Identity", inputs: ["y"], outputs: ["y.dropped"]))
    written = try self.written(graph.with(outputs: ["y.dropped", "z", "text"], nodes: nodes))
    expected = try kept().graph.output
    expected[0].name = "y.dropped"
    #expect(written.graph.output == expected)
    // One that the file does not declare.
    written = try self.written(graph.with(outputs: graph.outputs + ["half32"]))
    #expect(written.graph.output.map(\.name) == ["y", "z", "text", "half32"])
    #expect(written.graph.output[3].type.tensorType.elemType == 1)
    #expect(written.graph.output[3].type.tensorType.shape.dim.map(\.dimValue) == [4])
  }

  /// A batch of one that is opened: what the file says of the shapes below it is opened with it.
  @Test func opensSizesOfInputsAndWhatFollows() throws {
    let graph = try read("qdq.onnx")
    var input = graph.inputs[0]
    input.dims[0] = nil
    input.dimNames[0] = "batch"
    // QuantizeLinear may be unknown to the program; the convolution's shape then is too.
    let relu = [
      Node(name: "conv1", "Conv", inputs: ["x", "w"], outputs: ["c"]),
      Node(name: "relu1", "Relu", inputs: ["c"], outputs: ["y"], origin: 5),
    ]
    let written = try written(
      graph.with(
        inputs: [input], constants: ["w": .float32(Tensor([4, 1, 3, 3], repeating: 1))],
        nodes: relu))
    let before = try proto(golden("qdq.onnx"))
    var expected = before.graph.input[0]
    expected.type.tensorType.shape.dim[0].dimParam = "batch"
    #expect(written.graph.input == [expected])
    let dims = written.graph.output[0].type.tensorType.shape.dim
    #expect(dims[0].value == nil && dims[1...].map(\.dimValue) == [4, 6, 6])
    #expect(written.graph.node.map(\.name) == ["conv1", "relu1"])
  }

  /// Up to IR version 3 every constant is among the inputs.
  @Test func addsConstantsToTheInputsOfOldFiles() throws {
    let bytes = Proto.model(ir: 3, Proto.relu, opset: 8)
    let graph = try ONNXReader.graph(from: bytes, named: "m")
    let nodes =
      graph.nodes + [Node(name: "add", "Add", inputs: ["y", "one"], outputs: ["z"])]
    let model = try written(
      graph.with(constants: ["one": .float32(Tensor([1], [1]))], nodes: nodes))
    #expect(model.irVersion == 3 && model.graph.input.map(\.name) == ["x", "one"])
    #expect(model.graph.initializer.map(\.name) == ["one"])
  }

  /// A file whose nodes are in no order stays so until it is changed.
  @Test func sortsNodesOnlyWhereTheyChange() throws {
    let graph = try read("everything.onnx")
    let nodes = graph.nodes + [Node(name: "end", "Relu", inputs: ["y"], outputs: ["end"])]
    let model = try written(graph.with(nodes: nodes))
    #expect(
      model.graph.node.map(\.opType) == ["Conv", "If", "Relu", "Odd", "Constant", "Mul", "Relu"])
  }

  @Test func aModelWithoutOutputsStaysSo() throws {
    var model = try kept()
    model.graph.output = []
    let bytes: [UInt8] = try model.serializedBytes()
    #expect(try written(try ONNXReader.graph(from: bytes, named: "a")).graph.output.isEmpty)
  }

  @Test func refusesATextConstantOfNoFile() throws {
    let graph = try read()
    var constants = graph.constants
    constants["more"] = .opaque(.string, [1])
    let changed = try graph.with(constants: constants)
    #expect(
      formatError("b") { _ = try ONNXWriter.bytes(changed, named: "b") }?.description
        == "b: tensor more: expected numbers, found string elements, which are known to the file "
        + "alone that the model came from")
  }
}

extension Value {
  fileprivate var bytes: [UInt8] { littleEndianBytes }
}
