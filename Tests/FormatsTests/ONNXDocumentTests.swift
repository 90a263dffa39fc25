import Glibc
import NeuralNet
import TensorCore
import TestSupport
import Testing

@testable import Formats

/// A model read and written without a change.
@Suite struct ONNXDocumentTests {
  /// The golden models, those of the shared folder, and whatever models the machine has been given.
  static let models: [String] = {
    let folders = [
      Repository.path("Tests/Golden/formats"), Shared.path("cases"), Shared.path("data/models"),
    ]
    let more = getenv("ONNX_MODELS").map { [String(cString: $0)] } ?? []
    return (folders + more).flatMap { folder -> [String] in
      guard let directory = opendir(folder) else { return [] }
      defer { closedir(directory) }
      var names: [String] = []
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name.0) { String(cString: $0) }
        if name.hasSuffix(".onnx") { names.append("\(folder)/\(name)") }
      }
      return names.sorted()
    }
  }()

  @Test(arguments: models) func writesAModelBackAsItWas(_ path: String) throws {
    let graph: Graph
    do {
      graph = try ONNXReader.graph(at: path)
    } catch {
      // Some models given from outside are there to be refused.
      #expect(getenv("ONNX_MODELS") != nil, "\(error)")
      return
    }
    let (before, after) = (
      try FileBytes.read(path), try ONNXWriter.bytes(graph, named: "out.onnx")
    )
    #expect(before == after)
  }

  @Test func readsWhatBodiesRead() throws {
    let graph = try ONNXReader.graph(from: golden("kept.onnx"), named: "a")
    #expect(graph.producer(of: "chosen")?.bodyReads == ["c", "half32", "flag"])
    #expect(graph.producer(of: "looped")?.bodyReads == ["c"])
    #expect(graph.readers(of: "c").map { graph.nodes[$0].name } == ["if", "loop", "relu"])
    #expect(graph.producer(of: "chosen")?.attributes["then_branch"]?.body != nil)
  }

  @Test func readsTypesAndShapesOfAllKinds() throws {
    let graph = try ONNXReader.graph(from: golden("kept.onnx"), named: "a")
    #expect(
      graph.inputs == [
        Graph.Input("x", dims: [nil, 4], dimNames: ["batch", nil]),
        Graph.Input("flag", type: .bool, dims: []), Graph.Input("trips", type: .int64, dims: []),
        Graph.Input("words", type: .string, dims: [nil], dimNames: ["words"]),
        Graph.Input("loose", dims: [], hasShape: false),
        .sequence("listed", of: .float32),
      ])
    let types = graph.constants.mapValues { "\($0.type)\($0.shape)" }
    #expect(
      types == [
        "w": "float32[4,4]", "half": "float16[4]", "double": "float64[4]", "strings": "string[2]",
        "complexes": "unsupported[2]", "small": "float8e4m3fn[2]", "nibbles": "int4[3]",
        "huge": "uint64[2]", "sparse": "unsupported[4]", "tail": "float32[2,2]",
      ])
  }

  /// Nothing of a file that was written to since it was read can be kept.
  @Test func saysThatTheFileWasChanged() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.onnx")
    try FileBytes.write(golden("qdq.onnx"), to: path)
    let graph = try ONNXReader.graph(at: path)
    // Another file of its name is none of the graph's business.
    try FileBytes.write(golden("float16.onnx"), to: path)
    #expect(try ONNXWriter.bytes(graph, named: "b") == golden("qdq.onnx"))
    let second = try ONNXReader.graph(at: path)
    try FileBytes.append([0], to: path)
    let error = formatError(path) { _ = try ONNXWriter.bytes(second, named: "b") }
    #expect(error?.description == "\(path): changed since it was read")
  }

  @Test func writesOverTheFileItWasReadFrom() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.onnx")
    try FileBytes.write(golden("kept.onnx"), to: path)
    let graph = try ONNXReader.graph(at: path)
    try ONNXWriter.write(graph.with(name: "again"), to: path)
    // The first document still has what it was read from.
    #expect(try ONNXWriter.bytes(graph, named: "b") == golden("kept.onnx"))
    let back = try ONNXReader.graph(at: path)
    #expect(back.name == "again" && folder.names == ["a.onnx"])
    try ONNXWriter.write(back.with(name: "kept"), to: path)
    #expect(try FileBytes.read(path) == golden("kept.onnx"))
  }

  @Test(arguments: ["kept.onnx", "everything.onnx"])
  func writesDamagedModelsOrRefusesThem(_ name: String) throws {
    readDamaged(try golden(name), times: 1000, seed: 3) { bytes, name in
      let graph = try ONNXReader.graph(from: bytes, named: name)
      let nodes = graph.nodes.map { node in
        var node = node
        node.inputs += ["added"]
        return node
      }
      let changed = try? graph.with(
        constants: graph.constants.merging(["added": .bool(NDArray(scalar: true))]) { $1 },
        nodes: nodes)
      if let changed { _ = try ONNXWriter.bytes(changed, named: name) }
    }
  }
}
