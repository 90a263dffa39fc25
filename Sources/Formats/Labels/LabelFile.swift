/// Names of classes: one a line, the first that of class 0. A number and a blank or comma in front of every
/// name is taken for the class's own and left out.
public enum LabelFile {
  /// The most names a file may have.
  public static let most = 1_000_000

  /// Reads names.
  /// - Throws: `FormatError` where the bytes are no UTF-8, hold no name or too many.
  public static func names(
    from bytes: [UInt8], named file: String
  ) throws(FormatError) -> [String] {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FormatError(file, "labels", expected: "text in UTF-8", found: "other bytes")
    }
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    guard !lines.isEmpty else {
      throw FormatError(file, "labels", expected: "a name a line", found: "no line")
    }
    guard lines.count <= most else {
      throw FormatError(file, "labels", expected: "at most \(most) lines", found: "\(lines.count)")
    }
    let names = lines.map(trimmed)
    let isNumbered = names.enumerated().allSatisfy { number(of: $1) == $0 }
    return isNumbered
      ? names.map { trimmed($0.drop { $0.isASCIIDigit }.drop { ",:".contains($0) }) } : names
  }

  /// Opens a file and reads its names.
  /// - Throws: `FormatError` where it cannot be opened, or as above.
  public static func read(_ path: String) throws(FormatError) -> [String] {
    try names(from: FileBytes.read(path), named: path)
  }

  /// The number in front of a name; nil where there is none or nothing behind it.
  private static func number(of name: String) -> Int? {
    let digits = name.prefix { $0.isASCIIDigit }
    let rest = name.dropFirst(digits.count)
    guard let first = rest.first, " ,:\t".contains(first) else { return nil }
    return Int(digits)
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
    while rest.last?.isWhitespace == true { rest = rest.dropLast() }
    return String(rest)
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
