import ArgumentParser
import Foundation
import Formats
import NeuralNet
import Studies
import TensorCore
import TestSupport
import Testing

@testable import Program

extension FileKind {
  /// A grey image of Netpbm's, as text: a kind of file that only this file knows.
  fileprivate static let pgm = FileKind(
    "a PGM image", endings: ["pgm"], matches: { $0.starts(with: "P2".utf8) }
  ) { bytes, name, _ throws(FormatError) in
    let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    let numbers = words.dropFirst().compactMap { Int($0) }
    guard numbers.count > 3, numbers.count == 3 + numbers[0] * numbers[1] else {
      throw FormatError(name, "pixels", expected: "width × height", found: "\(numbers.count)")
    }
    let pixels = numbers[3...].map { Float($0) / Float(numbers[2]) }
    return .init(.numbers(.float32(NDArray([numbers[1], numbers[0]], pixels))))
  }
}

/// A kind of file is one file and one line: here both are the test's own.
@Suite struct FileFromOutsideTests {
  @Test func inputsAndErrorsKnowIt() throws {
    try TemporaryFolder.with { folder in
      let path = folder.path("x.pgm")
      let pixels = (0..<784).map { "\($0 % 28)" }.joined(separator: " ")
      try FileBytes.write(Array("P2\n28 28\n27\n\(pixels)\n".utf8), to: path)
      let damaged = folder.path("damaged.pgm")
      try FileBytes.write(Array("P2\n28 28\n27\n1\n".utf8), to: damaged)
      let unknown = folder.path("unknown")
      try FileBytes.write([0, 1, 2], to: unknown)

      try FileKind.$added.withValue([.pgm]) {
        let input = try ViewOptions.parse([path]).open().experiment.subject.input
        #expect(input.elements[27] == 1 && input.elements[1] == 1 / 27)
        #expect(try error(damaged) == "\(damaged): pixels: expected width × height, found 4")
        #expect(
          try error(unknown)
            == "\(unknown): expected a PNG or JPEG image, NPY, NPZ, safetensors, CSV or IDX, "
            + "a PGM image, found bytes of no known kind")
        #expect(
          try error(folder.path("none.png"), Array("P1".utf8))
            == "\(folder.path("none.png")): expected a PNG image, found text")
      }
      // Without it the same file is rows of numbers that its name does not speak of.
      #expect(try error(path).contains("expected"))
    }
  }

  /// What is said of a file, which is written where bytes are given.
  private func error(_ path: String, _ bytes: [UInt8]? = nil) throws -> String {
    if let bytes { try FileBytes.write(bytes, to: path) }
    do {
      _ = try InputFile.read(path)
      return "nothing"
    } catch {
      return "\(error)"
    }
  }
}
