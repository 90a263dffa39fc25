import NeuralNet
import TensorCore
import Testing

@testable import Formats

/// What is set apart before swift-protobuf reads a model, and that nothing else changes by it.
@Suite struct ONNXSkeletonTests {
  private func skeleton(_ bytes: [UInt8]) throws -> ONNXSkeleton? {
    try ONNXSkeleton(ByteSource(bytes, named: "m"))
  }

  @Test func setsApartTheNumbersOfInitializersAndAttributes() throws {
    let numbers = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let value = Wire.message(
      5, .text(1, "value"), .number(20, 4),
      .message(5, .number(1, 4), .number(2, 1), .block(9, Array(numbers[..<16]))))
    let bytes = Proto.model(
      Proto.relu, Proto.tensor("w", [25_000], .block(9, numbers)),
      Proto.node("Constant", [], ["c"], value))
    let skeleton = try #require(try skeleton(bytes))
    #expect(skeleton.payloads.map(\.count) == [100_000, 16])
    #expect(skeleton.payloads.map { Array(bytes[$0]) } == [numbers, Array(numbers[..<16])])
    #expect(skeleton.bytes.count < 300)
    #expect(skeleton.payload([1, 0, 0, 0, 0, 0, 0, 0]) == skeleton.payloads[1])
    #expect(skeleton.payload([2, 0, 0, 0, 0, 0, 0, 0]) == nil)
    #expect(skeleton.payload([UInt8](repeating: 255, count: 8)) == nil)
    #expect(skeleton.payload([1, 0]) == nil)

    let graph = try ONNXReader.graph(from: bytes, named: "m")
    guard case .float32(let w)? = graph.constants["w"] else {
      Issue.record("no float32 called w")
      return
    }
    #expect(w.elements.withUnsafeBytes { Array($0) } == numbers)
    #expect(graph.nodes.contains { $0.attributes["value"] != nil })
  }

  /// A long list of packed floats is set apart as `raw_data` is; what only looks like one is left to
  /// swift-protobuf. Either way the numbers are the same, and so is what is said of wrong ones.
  @Test func setsApartLongListsOfFloats() throws {
    let floats = (0..<300_000).map { Float($0) / 7 }
    func bytes(_ part: some Collection<Float>) -> [UInt8] {
      Array(part).withUnsafeBytes { Array($0) }
    }
    func graph(_ parts: Wire..., type: Int = 1, dims: [Int] = [300, 1000]) -> [UInt8] {
      let tensor = Wire.many(dims.map { .number(1, $0) } + [.number(2, type), .text(8, "w")])
      return Proto.model(Proto.relu, .message(5, tensor, .many(parts)))
    }
    func numbers(_ model: [UInt8]) throws -> [Float]? {
      guard
        case .float32(let w)? = try ONNXReader.graph(from: model, named: "m").constants["w"]
      else { return nil }
      return w.elements
    }
    let whole = graph(.block(4, bytes(floats)))
    #expect(try skeleton(whole)?.payloads.map(\.count) == [1_200_000])
    #expect(try numbers(whole) == floats)
    // Two blocks are one list.
    let halves = graph(.block(4, bytes(floats[..<150_000])), .block(4, bytes(floats[150_000...])))
    #expect(try skeleton(halves)?.payloads == [])
    #expect(try numbers(halves) == floats)
    let short = graph(.block(4, bytes(floats[..<6])), dims: [2, 3])
    #expect(try skeleton(short)?.payloads == [])
    #expect(try numbers(short) == Array(floats[..<6]))
    // Of another type the list means something else; beside raw_data it counts for nothing.
    #expect(try skeleton(graph(.block(4, bytes(floats)), type: 7))?.payloads == [])
    let both = graph(.block(4, bytes(floats)), .block(9, bytes(floats.reversed())))
    #expect(try numbers(both) == floats.reversed())
    let wrong = #expect(throws: FormatError.self) {
      try numbers(graph(.block(4, bytes(floats)), dims: [300, 1001]))
    }
    #expect(wrong?.description.contains("300") == true, "\(String(describing: wrong))")
    #expect(throws: FormatError.self) { try numbers(graph(.block(4, bytes(floats) + [0]))) }
  }

  /// A message that comes in pieces is one, and of a field that comes twice the last counts.
  @Test func readsPiecesAsOneMessage() throws {
    func raw(_ value: Float) -> Wire {
      .block(9, withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) })
    }
    let first = Wire.message(7, Proto.relu, Proto.tensor("a", [1], raw(1), raw(2)))
    let second = Wire.message(7, Proto.tensor("b", [1], raw(3)))
    let opset = Wire.message(8, .text(1, ""), .number(2, 17))
    let graph = try ONNXReader.graph(
      from: Wire(.number(1, 8), first, opset, second).bytes, named: "m")
    #expect(
      graph.constants == ["a": .float32(Tensor([1], [2])), "b": .float32(Tensor([1], [3]))])
  }

  @Test(
    arguments: [
      // Field 0; a field number above 2²⁹; a wire type that is none; groups.
      [0x02, 0x00], [0x82, 0x80, 0x80, 0x80, 0x10, 0x00], [0x0F], [0x0B, 0x0C],
      // A number that goes on after the end, and ones of more than 64 bits.
      [0x08, 0x80], [0x08] + [UInt8](repeating: 0x80, count: 10) + [0],
      [0x08] + [UInt8](repeating: 0xFF, count: 9) + [2],
      // Fixed fields and blocks that do.
      [0x09, 1, 2, 3, 4, 5, 6, 7], [0x0D, 1, 2, 3], [0x12, 2, 0x41],
      [0x12] + [UInt8](repeating: 0xFF, count: 9) + [1],
      // A graph, and in it a tensor, longer than what holds them.
      [0x3A, 2, 0x2A], [0x3A, 2, 0x2A, 1, 0], [0x3A, 4, 0x2A, 2, 0x4A, 1],
    ] as [[UInt8]])
  func leavesWhatIsNoWireFormat(_ bytes: [UInt8]) throws {
    #expect(try skeleton(bytes) == nil)
    // Whole and sound in front of it changes nothing.
    #expect(try skeleton(Proto.model(Proto.relu) + bytes) == nil)
  }

  @Test func takesLargestAndEmptyFields() throws {
    let largest = [0x08] + [UInt8](repeating: 0xFF, count: 9) + [1]
    #expect(try skeleton(largest)?.bytes == largest)
    #expect(try skeleton([])?.bytes == [])
    #expect(try skeleton([0x3A, 2, 0x2A, 0])?.payloads == [])
    #expect(try skeleton([0x3A, 4, 0x2A, 2, 0x4A, 0])?.payloads == [6..<6])
  }

  /// With and without the skeleton the same comes of a file, or the same error.
  private func outcome(_ source: ByteSource, _ skeleton: ONNXSkeleton?) -> String {
    do {
      let graph = try ONNXReader.graph(from: source, by: skeleton)
      let constants = graph.constants.sorted { $0.key < $1.key }
      let attributes = graph.nodes.map { $0.attributes.sorted { $0.key < $1.key } }
      return
        "\(graph.inputs) \(graph.outputs) \(constants) \(graph.nodes.map(\.name)) \(attributes)"
    } catch {
      return error.description
    }
  }

  @Test(arguments: ["types.onnx", "unpacked.onnx", "everything.onnx"])
  func changesNothingOfDamagedModels(_ name: String) throws {
    var (compared, sound) = (0, 0)
    readDamaged(try golden(name), times: 1000, seed: 11) { bytes, name in
      let source = ByteSource(bytes, named: name)
      if let skeleton = try ONNXSkeleton(source) {
        compared += 1
        let whole = outcome(source, nil)
        if !whole.hasPrefix(name) { sound += 1 }
        #expect(outcome(source, skeleton) == whole)
      }
      _ = try ONNXReader.graph(from: bytes, named: name)
    }
    #expect(compared > 100 && sound > 10, "\(compared) compared, \(sound) of them sound")
  }

  @Test(arguments: ["types.onnx", "everything.onnx"])
  func changesNothingOfCutModels(_ name: String) throws {
    let bytes = try golden(name)
    for count in 0...bytes.count {
      let source = ByteSource(Array(bytes.prefix(count)), named: "cut")
      #expect(
        outcome(source, try ONNXSkeleton(source)) == outcome(source, nil), "cut at \(count)")
    }
  }
}
