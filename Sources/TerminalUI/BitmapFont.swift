/// A font of black-and-white glyphs, all of one size.
///
/// The bytes, all numbers little-endian: `DSF1`; width, height (one byte each, width ≤ 16); the
/// number of glyphs (2 bytes); their scalars, ascending (2 bytes each); then for each glyph its rows
/// from the top (2 bytes each, the leftmost pixel in bit 15).
public struct BitmapFont: Sendable {
  /// Pixels across.
  public let width: Int
  /// Pixels down.
  public let height: Int
  private let scalars: [UInt16]
  private let rows: [UInt16]

  /// What is wrong with the bytes of a font.
  public struct DecodingError: Error, Equatable, CustomStringConvertible {
    /// One line: what was expected and what was found.
    public let description: String
  }

  /// Reads a font.
  /// - Throws: `DecodingError` where the bytes are not a font or their number is not what the header
  ///   asks for.
  public init(bytes: some RandomAccessCollection<UInt8>) throws(DecodingError) {
    let bytes = Array(bytes)
    guard bytes.count >= 8, bytes.starts(with: Array("DSF1".utf8)) else {
      throw DecodingError(description: "font: expected the header DSF1, found other bytes")
    }
    (width, height) = (Int(bytes[4]), Int(bytes[5]))
    guard (1...16).contains(width), (1...64).contains(height) else {
      throw DecodingError(
        description: "font: expected at most 16×64 pixels, found \(width)×\(height)")
    }
    func word(_ index: Int) -> UInt16 {
      UInt16(bytes[8 + 2 * index]) | UInt16(bytes[9 + 2 * index]) << 8
    }
    let count = Int(bytes[6]) | Int(bytes[7]) << 8
    let expected = 8 + 2 * count * (1 + height)
    guard bytes.count == expected else {
      throw DecodingError(
        description: "font: \(count) glyphs are \(expected) bytes, found \(bytes.count)")
    }
    scalars = (0..<count).map(word)
    rows = (count..<count * (1 + height)).map(word)
    guard zip(scalars, scalars.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw DecodingError(description: "font: expected ascending scalars")
    }
  }

  /// The number of glyphs.
  public var glyphCount: Int { scalars.count }

  /// The rows of a glyph from the top, the leftmost pixel in bit 15; nil where the font lacks it.
  public func glyph(_ scalar: Unicode.Scalar) -> ArraySlice<UInt16>? {
    guard let value = UInt16(exactly: scalar.value) else { return nil }
    var (low, high) = (0, scalars.count)
    while low < high {
      let middle = (low + high) / 2
      if scalars[middle] < value { low = middle + 1 } else { high = middle }
    }
    guard low < scalars.count, scalars[low] == value else { return nil }
    return rows[low * height..<(low + 1) * height]
  }
}
