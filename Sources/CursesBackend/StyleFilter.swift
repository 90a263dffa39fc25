/// Takes colours and attributes out of a frame's bytes that the terminal has already.
///
/// curses sends both colours of a pair wherever the pair changes. What it says is noted instead (SGR,
/// ECMA-48 §8.3.117), and told in one sequence, as far as it is new, when the next glyph comes. A blank
/// shows no foreground, so that is not told before one. Everything else passes as it is.
struct StyleFilter {
  /// What curses wants.
  private var wanted = Parts.plain
  /// What the terminal was told.
  private var told = Parts.unknown
  private var out: [UInt8] = []
  private var numbers: [Int] = []

  /// How glyphs are drawn; nil where it is not known.
  private struct Parts: Equatable {
    var foreground: ColorCode?
    var background: ColorCode?
    /// Bit n is on for parameter n, 1…9: bold, dim, underline, …
    var attributes: UInt16?

    static let plain = Parts(foreground: .reset, background: .reset, attributes: 0)
    static let unknown = Parts(foreground: nil, background: nil, attributes: nil)

    /// Whether a blank looks the same in any foreground: bold and dim are all that is on.
    var hidesForegroundOfBlanks: Bool { attributes.map { $0 & ~0b110 == 0 } ?? false }
  }

  /// The parameters that set a colour.
  private enum ColorCode: Equatable {
    /// None: a reset did.
    case reset
    /// One of 30…37, 39, 40…47, 49, 90…97, 100…107.
    case plain(UInt8)
    /// 38;5;n or 48;5;n.
    case palette(UInt8)
    /// 38;2;r;g;b or 48;2;r;g;b.
    case rgb(UInt8, UInt8, UInt8)
  }

  /// The terminal's state is no longer known: everything is told again.
  mutating func forget() { told = .unknown }

  /// The bytes that do the same as `frame`, the state they leave behind included, but for the foreground
  /// of blanks.
  /// - Complexity: O(bytes).
  mutating func reduce(_ frame: [UInt8]) -> [UInt8] {
    out.removeAll(keepingCapacity: true)
    var at = 0
    while at < frame.count {
      let byte = frame[at]
      if byte == 27 {
        let end = at + StyleFilter.sequenceLength(frame[at...])
        pass(frame[at..<end])
        at = end
        continue
      }
      var target = wanted
      if byte == 0x20, wanted.hidesForegroundOfBlanks {
        target.foreground = told.foreground
        if StyleFilter.needsReset(from: told, to: target) { target.foreground = .reset }
      }
      tell(target)
      out.append(byte)
      at += 1
    }
    tell(wanted)
    return out
  }

  /// Notes a sequence, or passes it on.
  private mutating func pass(_ sequence: ArraySlice<UInt8>) {
    let isStyle =
      sequence.count > 2 && sequence[sequence.startIndex + 1] == UInt8(ascii: "[")
      && sequence.last == UInt8(ascii: "m")
    let before = wanted
    if isStyle, read(sequence.dropFirst(2).dropLast()), note() { return }
    wanted = before
    tell(wanted)
    out += sequence
    // A style of a kind that curses is not known to send may change anything.
    if isStyle { (wanted, told) = (.unknown, .unknown) }
  }

  /// How many bytes a sequence has, ESC included (ECMA-48 §5.4; ECMA-35 §13.2).
  private static func sequenceLength(_ bytes: ArraySlice<UInt8>) -> Int {
    var end = bytes.startIndex + 1
    let isControl = end < bytes.endIndex && bytes[end] == UInt8(ascii: "[")
    if isControl { end += 1 }
    while end < bytes.endIndex, (isControl ? 0x20..<0x40 : 0x20..<0x30) ~= bytes[end] { end += 1 }
    return min(end + 1, bytes.endIndex) - bytes.startIndex
  }

  /// Reads parameters; nothing stands for 0.
  /// - Returns: false where they are no numbers below 1,000.
  private mutating func read(_ parameters: ArraySlice<UInt8>) -> Bool {
    numbers.removeAll(keepingCapacity: true)
    var number = 0
    for byte in parameters {
      if byte == UInt8(ascii: ";") {
        numbers.append(number)
        number = 0
      } else if 0x30..<0x3A ~= byte, number < 100 {
        number = 10 * number + Int(byte - 0x30)
      } else {
        return false
      }
    }
    numbers.append(number)
    return true
  }

  /// Notes what the parameters read say.
  /// - Returns: false where they say something else than curses does, and may have been noted in part.
  private mutating func note() -> Bool {
    var rest = numbers[...]
    while let number = rest.popFirst() {
      switch number {
      case 0: wanted = .plain
      case 1...9:
        guard let attributes = wanted.attributes else { return false }
        wanted.attributes = attributes | 1 << UInt16(number)
      case 30...37, 39, 90...97: wanted.foreground = .plain(UInt8(number))
      case 40...47, 49, 100...107: wanted.background = .plain(UInt8(number))
      case 38:
        guard let color = StyleFilter.color(&rest) else { return false }
        wanted.foreground = color
      case 48:
        guard let color = StyleFilter.color(&rest) else { return false }
        wanted.background = color
      default: return false
      }
    }
    return true
  }

  /// Takes 5;n or 2;r;g;b.
  private static func color(_ rest: inout ArraySlice<Int>) -> ColorCode? {
    let kind = rest.popFirst()
    func part() -> UInt8? { rest.popFirst().flatMap { UInt8(exactly: $0) } }
    switch kind {
    case 5: return part().map { .palette($0) }
    case 2:
      guard let red = part(), let green = part(), let blue = part() else { return nil }
      return .rgb(red, green, blue)
    default: return nil
    }
  }

  /// Brings the terminal to a state.
  private mutating func tell(_ target: Parts) {
    guard target != told else { return }
    let start = out.count
    if StyleFilter.needsReset(from: told, to: target) {
      add(0, from: start)
      told = .plain
    }
    if let attributes = target.attributes, attributes != told.attributes {
      for number in 1...9 where (attributes & ~(told.attributes ?? 0)) >> UInt16(number) & 1 == 1 {
        add(number, from: start)
      }
    }
    if target.foreground != told.foreground { add(target.foreground, 38, from: start) }
    if target.background != told.background { add(target.background, 48, from: start) }
    told = target
    if out.count > start { out.append(UInt8(ascii: "m")) }
  }

  private mutating func add(_ color: ColorCode?, _ introducer: Int, from start: Int) {
    switch color {
    case nil, .reset: break
    case .plain(let number): add(Int(number), from: start)
    case .palette(let index):
      add(introducer, from: start)
      add(5, from: start)
      add(Int(index), from: start)
    case .rgb(let red, let green, let blue):
      add(introducer, from: start)
      add(2, from: start)
      add(Int(red), from: start)
      add(Int(green), from: start)
      add(Int(blue), from: start)
    }
  }

  /// Adds a parameter to the sequence that begins, or is to begin, at `start`.
  private mutating func add(_ number: Int, from start: Int) {
    if out.count == start {
      out.append(27)
      out.append(UInt8(ascii: "["))
    } else {
      out.append(UInt8(ascii: ";"))
    }
    if number >= 100 { out.append(0x30 + UInt8(number / 100)) }
    if number >= 10 { out.append(0x30 + UInt8(number / 10 % 10)) }
    out.append(0x30 + UInt8(number % 10))
  }

  /// Whether something has to go that only a reset takes away.
  private static func needsReset(from told: Parts, to target: Parts) -> Bool {
    if let attributes = target.attributes {
      guard let before = told.attributes, before & ~attributes == 0 else { return true }
    }
    return target.foreground == .reset && told.foreground != .reset
      || target.background == .reset && told.background != .reset
  }
}
