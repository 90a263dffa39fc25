/// A screen as plain text.
public enum TextExport {
  /// The rows, a line each, without trailing blanks. With `ascii`, glyphs that ASCII lacks are
  /// replaced by what resembles them, column for column.
  public static func text(_ buffer: Buffer, ascii: Bool = false) -> String {
    var text = String.UnicodeScalarView()
    for y in 0..<buffer.height {
      for scalar in buffer.row(y).unicodeScalars {
        text.append(ascii ? Glyphs.ascii(for: scalar) : scalar)
      }
      text.append("\n")
    }
    return String(text)
  }
}
