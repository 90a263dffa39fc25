extension TextScreen {
  /// How far into a sequence the bytes have come.
  struct Parser: Sendable {
    enum Mode: Sendable { case ground, escape, charset, control, string, stringEscape }
    var mode = Mode.ground
    var parameters: [UInt8] = []
    var scalar: UInt32 = 0
    var continuations = 0
  }

  /// Takes bytes as a terminal does.
  package mutating func feed(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { feed(byte) }
  }

  private mutating func feed(_ byte: UInt8) {
    switch parser.mode {
    case .ground: ground(byte)
    case .escape: escape(byte)
    case .charset: parser.mode = .ground
    case .control: control(byte)
    case .string:
      if byte == 7 { parser.mode = .ground }
      if byte == 27 { parser.mode = .stringEscape }
    case .stringEscape: parser.mode = .ground
    }
  }

  private mutating func ground(_ byte: UInt8) {
    switch byte {
    case 7, 14, 15: break
    case 8: x = max(0, min(x, width - 1) - 1)
    case 9: x = min(width - 1, (x / 8 + 1) * 8)
    case 10: lineFeed()
    case 13: x = 0
    case 27: parser.mode = .escape
    case 32..<127: put(UInt32(byte))
    case 0x80..<0xC0 where parser.continuations > 0:
      parser.scalar = parser.scalar << 6 | UInt32(byte & 0x3F)
      parser.continuations -= 1
      if parser.continuations == 0 { put(parser.scalar) }
    case 0xC0..<0xE0: (parser.scalar, parser.continuations) = (UInt32(byte & 0x1F), 1)
    case 0xE0..<0xF0: (parser.scalar, parser.continuations) = (UInt32(byte & 0x0F), 2)
    case 0xF0..<0xF8: (parser.scalar, parser.continuations) = (UInt32(byte & 0x07), 3)
    default: unknown.append("byte \(byte)")
    }
  }

  private mutating func escape(_ byte: UInt8) {
    parser.mode = .ground
    switch Unicode.Scalar(byte) {
    case "[":
      parser.mode = .control
      parser.parameters = []
    case "]": parser.mode = .string
    case "(", ")": parser.mode = .charset
    case "7": saveCursor()
    case "8": restoreCursor()
    case "M": reverseLineFeed()
    case "=", ">", "\\": break
    // A sequence that broke off at once gives way to the next.
    case "\u{1B}": parser.mode = .escape
    case let other: unknown.append("ESC \(other)")
    }
  }

  private mutating func control(_ byte: UInt8) {
    switch byte {
    case 0x20...0x3F: parser.parameters.append(byte)
    case 27:
      // A sequence that broke off gives way to the next.
      parser.mode = .escape
    default:
      parser.mode = .ground
      perform(Unicode.Scalar(byte))
    }
  }

  private mutating func perform(_ final: Unicode.Scalar) {
    let text = String(decoding: parser.parameters, as: UTF8.self)
    if let first = text.unicodeScalars.first, "?>!<=".unicodeScalars.contains(first) {
      guard first == "?", final == "h" || final == "l" else {
        unknown.append("CSI \(text)\(final)")
        return
      }
      for mode in text.dropFirst().split(separator: ";") { setMode(Int(mode)!, final == "h") }
      return
    }
    let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    func number(_ index: Int) -> Int {
      max(1, index < numbers.count ? numbers[index] : 0)
    }
    let (place, row) = (y * width + min(x, width - 1), y * width)
    switch final {
    case "H", "f": (x, y) = (min(number(1), width) - 1, min(number(0), height) - 1)
    case "G", "`": x = min(number(0), width) - 1
    case "d": y = min(number(0), height) - 1
    case "A": y = max(0, y - number(0))
    case "B": y = min(height - 1, y + number(0))
    case "C": x = min(width - 1, x + number(0))
    case "D": x = max(0, min(x, width - 1) - number(0))
    case "J": erase(numbers[0] == 2 ? 0..<cells.count : place..<cells.count)
    case "K": erase(numbers[0] == 1 ? row..<place + 1 : place..<row + width)
    case "X": erase(place..<min(place + number(0), row + width))
    case "P": shift(by: number(0))
    case "@": shift(by: -number(0))
    case "L": if region.contains(y) { scroll(y..<region.upperBound, by: -number(0)) }
    case "M": if region.contains(y) { scroll(y..<region.upperBound, by: number(0)) }
    case "S": scroll(region, by: number(0))
    case "T": scroll(region, by: -number(0))
    case "Z": x = max(0, (x - 1) / 8 * 8)
    case "b": for _ in 0..<number(0) { put(last) }
    case "r":
      let end = numbers.count > 1 ? number(1) : height
      region = number(0) - 1..<max(number(0), min(end, height))
      (x, y) = (0, 0)
    case "m": render(numbers[...])
    // Modes of the keyboard and of insertion, and the stack of window titles.
    case "h", "l", "t": break
    default: unknown.append("CSI \(text)\(final)")
    }
  }

  /// SGR.
  private mutating func render(_ numbers: ArraySlice<Int>) {
    var rest = numbers
    while let number = rest.popFirst() {
      switch number {
      case 0: style = Style()
      case 1...9: style.flags |= 1 << UInt16(number)
      case 22: style.flags &= ~(1 << 1 | 1 << 2)
      case 23...29: style.flags &= ~(1 << UInt16(number - 20))
      case 30...37: style.ink = Int32(number - 30)
      case 40...47: style.paper = Int32(number - 40)
      case 90...97: style.ink = Int32(number - 82)
      case 100...107: style.paper = Int32(number - 92)
      case 39: style.ink = -1
      case 49: style.paper = -1
      case 38, 48:
        var color: Int32 = -1
        switch rest.popFirst() {
        case 5: color = Int32(rest.popFirst() ?? 0)
        case 2:
          let parts = rest.prefix(3)
          rest = rest.dropFirst(3)
          color = parts.reduce(1) { $0 << 8 | Int32($1) }
        default: unknown.append("SGR \(number)")
        }
        if number == 38 { style.ink = color } else { style.paper = color }
      default: unknown.append("SGR \(number)")
      }
    }
  }
}
