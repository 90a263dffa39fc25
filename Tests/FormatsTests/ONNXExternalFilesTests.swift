import Glibc
import NeuralNet
import TensorCore
import TestSupport
import Testing

@testable import Formats

/// Tensors in files beside the model.
@Suite struct ONNXExternalFilesTests {
  private let folder: TemporaryFolder
  private let other: TemporaryFolder
  private let model: String

  init() throws {
    (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    model = folder.path("m.onnx")
    for name in ["external.onnx", "external.bin"] {
      try FileBytes.write(golden(name), to: folder.path(name == "external.onnx" ? "m.onnx" : name))
    }
  }

  @Test func stayWhereTheyAre() throws {
    let graph = try ONNXReader.graph(at: model)
    try ONNXWriter.write(graph, to: folder.path("n.onnx"))
    #expect(folder.names == ["external.bin", "m.onnx", "n.onnx"])
    #expect(try FileBytes.read(folder.path("n.onnx")) == golden("external.onnx"))
    try ONNXWriter.write(graph, to: model)
    #expect(try FileBytes.read(model) == golden("external.onnx"))
  }

  @Test func goWithTheModel() throws {
    let graph = try ONNXReader.graph(at: model)
    let path = other.path("n.onnx")
    try ONNXWriter.write(graph, to: path)
    #expect(other.names == ["external.bin", "n.onnx"])
    #expect(try ONNXReader.graph(at: path).constants == graph.constants)
    #expect(try FileBytes.read(other.path("external.bin")) == golden("external.bin"))
    // The same file there is no hindrance.
    try ONNXWriter.write(graph, to: path)
    // Nor does a link to the folder make it another.
    let link = other.path("link")
    #expect(symlink(folder.path, link) == 0)
    defer { unlink(link) }
    try ONNXWriter.write(graph, to: "\(link)/n.onnx")
    #expect(folder.names == ["external.bin", "m.onnx", "n.onnx"])
  }

  @Test func replaceNoOtherFile() throws {
    let graph = try ONNXReader.graph(at: model)
    try FileBytes.write([1, 2, 3], to: other.path("external.bin"))
    let path = other.path("n.onnx")
    let error = formatError(path) { try ONNXWriter.write(graph, to: path) }
    #expect(
      error?.description
        == "\(path): external data: expected no other file of that name beside it, "
        + "found \"external.bin\"")
    #expect(error?.kind == .cannotWrite && other.names == ["external.bin"])
    #expect(try FileBytes.read(other.path("external.bin")) == [1, 2, 3])
    let own = folder.path("external.bin")
    #expect(
      formatError(own) { try ONNXWriter.write(graph, to: own) }?.description
        == "\(own): external data: expected another name than the model's external data's, "
        + "found \"external.bin\"")
    #expect(try FileBytes.read(own) == golden("external.bin"))
    #expect(
      formatError("-") { try ONNXWriter.write(graph, to: "-") }?.kind == .cannotWrite)
  }

  @Test func areTakenBackWhereTheModelCannotBeWritten() throws {
    let graph = try ONNXReader.graph(at: model)
    let path = other.path("n.onnx")
    #expect(mkdir(path, 0o777) == 0)
    #expect(formatError(path) { try ONNXWriter.write(graph, to: path) }?.kind == .cannotWrite)
    #expect(other.names == ["n.onnx"])
  }

  /// A changed tensor goes into the model; the file it came from is copied only where others need it.
  @Test func holdOnlyWhatDidNotChange() throws {
    let graph = try ONNXReader.graph(at: model)
    let path = other.path("n.onnx")
    var constants = graph.constants
    constants["a"] = .float32(Tensor([2, 3], repeating: 1))
    try ONNXWriter.write(graph.with(constants: constants), to: path)
    #expect(try ONNXReader.graph(at: path).constants == constants)
    #expect(other.names == ["external.bin", "n.onnx"])
    try FileBytes.write(golden("external.onnx"), to: path)
    constants["b"] = .int64(NDArray([4], [9, 9, 9, 9]))
    let alone = try TemporaryFolder()
    try ONNXWriter.write(graph.with(constants: constants), to: alone.path("n.onnx"))
    #expect(alone.names == ["n.onnx"])
    #expect(try ONNXReader.graph(at: alone.path("n.onnx")).constants == constants)
  }

  /// Of initializers, attributes, sparse tensors, bodies and functions; in folders of the model's.
  @Test func areFoundInEveryMessage() throws {
    func tensor(_ field: Int, _ name: String) -> Wire {
      .message(
        field, .number(1, 1), .number(2, 8), Proto.external(["location": name, "length": "4"]))
    }
    func node(_ field: Int, _ attribute: Wire) -> Wire {
      .message(field, .text(2, "n"), .text(4, "Odd"), .message(5, .text(1, "t"), attribute))
    }
    let graph = Wire(
      Proto.relu, .message(5, .text(8, "i"), .number(2, 8), Proto.external(["location": "i"])),
      .message(15, .message(1, .text(8, "s"), Proto.external(["location": "s"])), tensor(2, "r")),
      .message(
        1, .text(2, "o"), .text(4, "Odd"), .message(5, .text(1, "a"), tensor(5, "sub/t")),
        .message(5, .text(1, "b"), .number(20, 5), .message(6, node(1, tensor(10, "body")))),
        .message(5, .text(1, "c"), .number(20, 11), .message(22, tensor(1, "sub/deep/v")))))
    let bytes = Wire(
      .number(1, 8), .message(7, graph), .message(8, .text(1, ""), .number(2, 17)),
      .message(25, .text(1, "f"), node(7, tensor(5, "function"))),
      .message(20, .message(1, node(1, tensor(5, "training"))))
    ).bytes
    let path = folder.path("m.onnx")
    try FileBytes.write(bytes, to: path)
    mkdir(folder.path("sub"), 0o777)
    mkdir(folder.path("sub/deep"), 0o777)
    let names = ["i", "s", "r", "sub/t", "body", "sub/deep/v", "function", "training"]
    for name in names { try FileBytes.write(Array(name.utf8), to: folder.path(name)) }
    let model = try ONNXReader.graph(at: path)
    try ONNXWriter.write(model, to: other.path("m.onnx"))
    for name in names { #expect(try FileBytes.read(other.path(name)) == Array(name.utf8)) }
    #expect(other.names.count == 7 + 1)
    for base in [folder, other] {
      for name in ["sub/t", "sub/deep/v"] { unlink(base.path(name)) }
      rmdir(base.path("sub/deep"))
    }
  }

  private func refused(_ found: String) -> String {
    "\(model): tensor a: expected external data in a file of the model's folder, without links, "
      + "found \(found) \"external.bin\""
  }

  /// Neither a link nor anything else that is no file, wherever it leads, and without waiting for it.
  @Test func areRegularFiles() throws {
    let path = folder.path("external.bin")
    try FileBytes.write(golden("external.bin"), to: other.path("blob"))
    try FileBytes.write(golden("external.bin"), to: folder.path("blob"))
    for target in [other.path("blob"), "blob", "/dev/zero", "nowhere"] {
      unlink(path)
      #expect(symlink(target, path) == 0)
      let error = formatError(model) { _ = try ONNXReader.graph(at: model) }
      #expect(error?.description == refused("the link") && error?.kind == .badData, "\(target)")
    }
    unlink(path)
    #expect(mkfifo(path, 0o600) == 0)
    #expect(
      formatError(model) { _ = try ONNXReader.graph(at: model) }?.description == refused("the pipe")
    )
    unlink(path)
    #expect(mkdir(path, 0o700) == 0)
    #expect(
      formatError(model) { _ = try ONNXReader.graph(at: model) }?.description
        == refused("the folder"))
    rmdir(path)
    #expect(formatError(path) { _ = try ONNXReader.graph(at: model) }?.kind == .missingInput)
  }

  /// The folder of the model may be reached by a link: that one the user chose. None below it is.
  @Test func lieBelowNoLink() throws {
    let link = other.path("link")
    #expect(symlink(folder.path, link) == 0)
    defer { unlink(link) }
    #expect(try ONNXReader.graph(at: "\(link)/m.onnx").constants["b"] != nil)
    try FileBytes.write(golden("external.bin"), to: other.path("t"))
    #expect(symlink(other.path, folder.path("sub")) == 0)
    defer { unlink(folder.path("sub")) }
    for (location, found) in [
      ("sub/t", "the link"), ("../t", ""), ("/etc/passwd", ""), ("", ""), ("external.bin/", ""),
      ("external.bin/x", "the file"),
    ] {
      let error = formatError(model) {
        _ = try ONNXExternalFiles.open(location, beside: model, part: "tensor a")
      }
      let text = "found \(found)\(found.isEmpty ? "" : " ")\"\(location)\""
      #expect(
        error?.description.hasSuffix(text) == true, "\(location): \(error?.description ?? "")")
      #expect(error?.kind == .badData)
    }
    #expect(try ONNXExternalFiles.open("./external.bin", beside: model, part: "").count > 0)
  }

  /// What lies where a copy would go is neither followed nor waited for.
  @Test func areCopiedOverNothing() throws {
    let graph = try ONNXReader.graph(at: model)
    let (path, data) = (other.path("n.onnx"), other.path("external.bin"))
    #expect(symlink(other.path("victim"), data) == 0)
    #expect(formatError(path) { try ONNXWriter.write(graph, to: path) }?.kind == .cannotWrite)
    unlink(data)
    #expect(mkfifo(data, 0o600) == 0)
    #expect(formatError(path) { try ONNXWriter.write(graph, to: path) }?.kind == .cannotWrite)
    #expect(other.names == ["external.bin"])
  }
}
