import TensorCore

#if canImport(Glibc)
  import Glibc
#endif

/// Files of Tests/Golden.
enum Golden {
  /// The lines of a file that are not empty.
  static func lines(_ name: String, from source: String = #filePath) -> [String]? {
    let tests = source.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    guard let file = fopen(tests.joined(separator: "/") + "/Golden/" + name, "r") else {
      return nil
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Float32 bit patterns in hex, separated by blanks.
  static func floats(_ text: Substring) -> [Float] {
    text.split(separator: " ").compactMap { UInt32($0, radix: 16) }.map(Float.init(bitPattern:))
  }

  /// A mask's decisions: 1 kept, 0 dropped.
  static func decisions(_ text: Substring) -> [Bool] {
    text.filter { $0 != " " }.map { $0 == "1" }
  }

  /// Sizes N, C, H, W in words.
  static func layout(_ words: ArraySlice<String>) -> Layout {
    let sizes = words.compactMap { Int($0) }
    return Layout(n: sizes[0], c: sizes[1], h: sizes[2], w: sizes[3])
  }
}
