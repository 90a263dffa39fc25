/// Bytes read as choices: a number below a bound, a flag, a number of any sort. Where they end all
/// choices are 0, so that every input makes something.
struct ByteChoices {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  /// Whether nothing is left to choose by.
  var isEmpty: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  /// A number from 0 to below a bound of at most 256.
  mutating func below(_ bound: Int) -> Int { Int(byte()) % bound }

  mutating func flag() -> Bool { byte() & 1 == 1 }

  mutating func of<Element>(_ list: [Element]) -> Element { list[below(list.count)] }

  /// A whole number, mostly a small one.
  mutating func int() -> Int {
    let byte = byte()
    switch byte {
    case 250...: return [Int.max, Int.min, 1 << 31, -(1 << 31), 1 << 40, -2][Int(byte) - 250]
    default: return Int(Int8(truncatingIfNeeded: Int(byte))) / 8
    }
  }

  /// A float, mostly an ordinary one.
  mutating func float() -> Float {
    let byte = byte()
    switch byte {
    case 248...:
      return [.nan, .infinity, -.infinity, -0.0, 1e-38, 3e38, -3e38, 0][Int(byte) - 248]
    default: return (Float(byte) - 124) / 32
    }
  }

  /// The next bytes, at most so many.
  mutating func bytes(_ count: Int) -> [UInt8] {
    let taken = Array(rest.prefix(count))
    rest = rest.dropFirst(count)
    return taken
  }
}
