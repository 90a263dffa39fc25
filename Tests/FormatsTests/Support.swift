import Glibc
import NeuralNet
import Testing
import TestSupport

@testable import Formats

/// The bytes of a file that another library made.
func golden(_ name: String) throws -> [UInt8] { try Golden.bytes("formats/\(name)") }

extension Graph {
  /// The graph with some of its parts changed; what was not said is as it was.
  func with(
    name: String? = nil, inputs: [Input]? = nil, outputs: [String]? = nil,
    constants: [String: Value]? = nil, nodes: [Node]? = nil, opsets: [String: Int]? = nil,
    metadata: [String: String]? = nil
  ) throws -> Graph {
    try Graph(
      name: name ?? self.name, inputs: inputs ?? self.inputs, outputs: outputs ?? self.outputs,
      constants: constants ?? self.constants, nodes: nodes ?? self.nodes,
      opsets: opsets ?? self.opsets, metadata: metadata ?? self.metadata, document: document)
  }

  /// The graph without the file it was read from.
  func alone() throws -> Graph {
    try Graph(
      name: name, inputs: inputs, outputs: outputs, constants: constants, nodes: nodes,
      opsets: opsets, metadata: metadata)
  }
}

/// The error that reading something must end in; its text is one line that begins with the file.
func formatError(
  _ name: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> FormatError? {
  do {
    try body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    return nil
  } catch let error as FormatError {
    check(error, name, sourceLocation: sourceLocation)
    return error
  } catch {
    Issue.record("another error: \(error)", sourceLocation: sourceLocation)
    return nil
  }
}

private func check(_ error: FormatError, _ name: String, sourceLocation: SourceLocation) {
  let text = error.description
  #expect(text.hasPrefix("\(name): "), sourceLocation: sourceLocation)
}

/// Reads damaged copies of a file. A copy may happen to be sound; what must not happen is a trap or
/// an error that is not a `FormatError` of one line.
func readDamaged(
  _ bytes: [UInt8], times: Int = 2000, seed: UInt64 = 7,
  sourceLocation: SourceLocation = #_sourceLocation, _ read: ([UInt8], String) throws -> Void
) {
  var random = SplitMix(seed)
  var thrown = 0
  for _ in 0..<times {
    var copy = bytes
    for _ in 0...random.below(3) where !copy.isEmpty {
      let place = random.below(copy.count)
      switch random.below(6) {
      case 0: copy[place] ^= 1 << random.below(8)
      case 1: copy[place] = UInt8(random.below(256))
      case 2: copy[place] = [0, 0x7F, 0x80, 0xFF][random.below(4)]
      case 3: copy.removeLast(copy.count - place)
      case 4: copy.remove(at: place)
      default: copy.insert(UInt8(random.below(256)), at: place)
      }
    }
    do {
      try read(copy, "damaged")
    } catch let error as FormatError {
      thrown += 1
      check(error, "damaged", sourceLocation: sourceLocation)
    } catch {
      Issue.record("another error: \(error)", sourceLocation: sourceLocation)
    }
  }
  // Damage that is never noticed would mean that nothing was read.
  #expect(thrown > times / 20, sourceLocation: sourceLocation)
}

/// Every beginning of a file, or `cuts` of them evenly spread, must be refused.
func refusesCuts(
  _ bytes: [UInt8], cuts: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  _ read: ([UInt8], String) throws -> Void
) {
  let count = cuts ?? bytes.count
  for cut in 0..<count {
    let length = bytes.count * cut / count
    let error = formatError("cut", sourceLocation: sourceLocation) {
      try read(Array(bytes.prefix(length)), "cut")
    }
    #expect(error?.kind == .badData, "cut at \(length)", sourceLocation: sourceLocation)
  }
}
