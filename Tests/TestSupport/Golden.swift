import Foundation

/// Files of Tests/Golden, each beside the script that made it.
package enum Golden {
  /// The path of a file.
  package static func path(_ name: String) -> String { Repository.path("Tests/Golden/\(name)") }

  /// The bytes of a file.
  /// - Throws: what Foundation throws where it cannot be read.
  package static func bytes(_ name: String) throws -> [UInt8] {
    try Repository.bytes("Tests/Golden/\(name)")
  }

  /// The lines of a file that are not empty.
  /// - Throws: what Foundation throws where it cannot be read.
  package static func lines(_ name: String) throws -> [String] {
    String(decoding: try bytes(name), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// What a file of JSON says; numbers that JSON has no words for are `inf`, `-inf` and `nan`.
  /// - Throws: what Foundation throws where it cannot be read or says something else.
  package static func json<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(type, from: Data(bytes(name)))
  }

  /// Float32 bit patterns in hex, separated by blanks.
  package static func floats(_ text: some StringProtocol) -> [Float] {
    text.split(separator: " ").compactMap { UInt32($0, radix: 16) }.map(Float.init(bitPattern:))
  }

  /// A mask's decisions: 1 kept, 0 dropped.
  package static func decisions(_ text: some StringProtocol) -> [Bool] {
    text.filter { $0 != " " }.map { $0 == "1" }
  }
}
