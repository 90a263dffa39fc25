import Glibc
import NeuralNet
import TensorCore
import Testing
import TestSupport

@testable import Formats

@Suite struct ByteSourceTests {
  let folder = try! TemporaryFolder()
  let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }

  @Test func readsPartsOfFilesAndArrays() throws {
    try FileBytes.write(bytes, to: folder.path("a"))
    for source in [try ByteSource(path: folder.path("a")), ByteSource(bytes, named: "a")] {
      #expect(source.count == bytes.count)
      for range in [0..<0, 0..<1, 4095..<70_001, 99_999..<100_000, 100_000..<100_000] {
        #expect(try source.bytes(range) == Array(bytes[range]))
      }
    }
    #expect(try ByteSource([], named: "a").bytes(0..<0) == [])
  }

  @Test func saysThatAFileWasCutMeanwhile() throws {
    let path = folder.path("a")
    try FileBytes.write(bytes, to: path)
    let source = try ByteSource(path: path)
    truncate(path, 5000)
    #expect(try source.bytes(0..<5000) == Array(bytes[..<5000]))
    let error = formatError(path) { _ = try source.bytes(4000..<6000) }
    #expect(error?.kind == .inputOutput)
    #expect(error?.description == "\(path): cut while it was read")
  }

  /// A device has neither a size to ask for nor an end.
  @Test func readsWhatHasNoSizeUpToTheLimit() throws {
    #expect(
      formatError("/dev/zero") { _ = try ByteSource(path: "/dev/zero", limit: 5_000_000) }?
        .description == "/dev/zero: expected a file of at most 5,000,000 bytes, found more")
    #expect(try ByteSource(path: "/dev/null").count == 0)
  }

  @Test func refusesWhatFileBytesRefuses() {
    let path = folder.path("none")
    #expect(formatError(path) { _ = try ByteSource(path: path) }?.kind == .missingInput)
    #expect(
      formatError(folder.path) { _ = try ByteSource(path: folder.path) }?.description
        == "\(folder.path): expected a file, found a directory")
  }

  /// A model's numbers come straight from its file, wherever they lie in it.
  @Test(arguments: ["types.onnx", "external.onnx", "everything.onnx"])
  func readsModelsFromFilesAsFromBytes(_ name: String) throws {
    let path = Golden.path("formats/\(name)")
    let (there, here) = (
      try ONNXReader.graph(at: path), try ONNXReader.graph(from: golden(name), named: path)
    )
    #expect(there.constants == here.constants && !there.constants.isEmpty)
  }

  /// Tensors that take turns between two files beside the model.
  @Test func readsExternalFilesInAnyOrder() throws {
    var tensors: [Wire] = []
    for (index, name) in ["a", "b", "a", "b"].enumerated() {
      let part = ["location": name, "offset": "\(index * 4)", "length": "4"]
      tensors.append(Proto.tensor("t\(index)", [1], Proto.external(part)))
    }
    for (name, first) in [("a", 10), ("b", 20)] {
      let numbers = (0..<4).map { Float(first + $0) }
      try FileBytes.write(numbers.withUnsafeBytes { Array($0) }, to: folder.path(name))
    }
    let path = folder.path("m.onnx")
    try FileBytes.write(Proto.model(Proto.relu, .many(tensors)), to: path)
    let constants = try ONNXReader.graph(at: path).constants
    for (name, number) in [("t0", 10), ("t1", 21), ("t2", 12), ("t3", 23)] as [(String, Float)] {
      #expect(constants[name] == .float32(Tensor([1], [number])))
    }
  }
}
