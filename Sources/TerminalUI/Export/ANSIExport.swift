/// A screen as text with colours: SGR sequences (ECMA-48 §8.3.117) and nothing else, so that it can
/// be printed anywhere in a terminal, stored, and shown by `less -R`.
public enum ANSIExport {
  /// The rows, a line each. A sequence is written only where the look changes; each line ends with
  /// colours reset. With `ascii`, glyphs that ASCII lacks are replaced by what resembles them.
  public static func string(_ buffer: Buffer, depth: ColorDepth, ascii: Bool = false) -> String {
    var out = TextBytes()
    let plain = Look(.plain, depth)
    for y in 0..<buffer.height {
      var shown = plain
      for x in 0..<lastColumn(of: y, in: buffer, depth) {
        let cell = buffer[x, y]
        let look = Look(cell.style, depth)
        if look != shown {
          out.append(change(from: shown, to: look))
          shown = look
        }
        out.append(ascii ? Glyphs.ascii(for: cell.glyph) : cell.glyph)
      }
      if shown != plain { out.append("\u{1B}[0m") }
      out.append(Unicode.Scalar("\n"))
    }
    return out.text
  }

  /// What a terminal that shows `old` must be sent to show `new`: for each run of cells that differ the
  /// cursor is put in place (CUP), then the cells are written; colours are reset at the end. Empty
  /// where nothing differs. A terminal that shows nothing has to be cleared first.
  public static func update(
    from old: Buffer?, to new: Buffer, depth: ColorDepth
  ) -> String {
    var out = TextBytes()
    let plain = Look(.plain, depth)
    var shown = plain
    for run in BufferDiff(from: old, to: new, joining: 4).runs {
      out.append("\u{1B}[\(run.y + 1);\(run.columns.lowerBound + 1)H")
      for x in run.columns {
        let cell = new[x, run.y]
        let look = Look(cell.style, depth)
        if look != shown {
          out.append(change(from: shown, to: look))
          shown = look
        }
        out.append(cell.glyph)
      }
    }
    if shown != plain { out.append("\u{1B}[0m") }
    return out.text
  }

  private struct Look: Equatable {
    var foreground, background: ReducedColor
    var attributes: Style.Attributes

    init(_ style: Style, _ depth: ColorDepth) {
      (foreground, background, attributes) = depth.reduce(style)
    }
  }

  /// One column after the last cell that shows anything.
  private static func lastColumn(of y: Int, in buffer: Buffer, _ depth: ColorDepth) -> Int {
    let plain = Look(.plain, depth)
    var end = buffer.width
    while end > 0, buffer[end - 1, y].glyph == " ", Look(buffer[end - 1, y].style, depth) == plain {
      end -= 1
    }
    return end
  }

  private static func change(from old: Look, to new: Look) -> String {
    var parameters: [String] = []
    var old = old
    if !new.attributes.isSuperset(of: old.attributes) {
      parameters.append("0")
      old = Look(.plain, .none)
    }
    let attributes = new.attributes.subtracting(old.attributes)
    if attributes.contains(.bold) { parameters.append("1") }
    if attributes.contains(.dim) { parameters.append("2") }
    if attributes.contains(.underline) { parameters.append("4") }
    if attributes.contains(.reverse) { parameters.append("7") }
    if new.foreground != old.foreground { parameters.append(code(new.foreground, base: 30)) }
    if new.background != old.background { parameters.append(code(new.background, base: 40)) }
    return "\u{1B}[\(parameters.joined(separator: ";"))m"
  }

  private static func code(_ color: ReducedColor, base: Int) -> String {
    switch color {
    case .terminal: "\(base + 9)"
    case .index(let index) where index < 8: "\(base + Int(index))"
    case .index(let index) where index < 16: "\(base + 60 + Int(index) - 8)"
    case .index(let index): "\(base + 8);5;\(index)"
    case .rgb(let rgb): "\(base + 8);2;\(rgb >> 16 & 255);\(rgb >> 8 & 255);\(rgb & 255)"
    }
  }
}

/// Text in the making. Appending costs what is appended: a view of a string's scalars is copied whole
/// each time a string is appended to it.
private struct TextBytes {
  private var bytes: [UInt8] = []

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(_ scalar: Unicode.Scalar) {
    if scalar.isASCII {
      bytes.append(UInt8(scalar.value))
    } else {
      bytes.append(contentsOf: String(scalar).utf8)
    }
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}
