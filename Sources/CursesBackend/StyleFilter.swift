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

  /// How glyphs are drawn: each part by the parameters that set it, none after a reset; nil where they
  /// are not known.
  private struct Parts: Equatable {
    var foreground: ArraySlice<UInt8>?
    var background: ArraySlice<UInt8>?
    /// Bit n is on for parameter n, 1…9: bold, dim, underline, …
    var attributes: UInt16?

    static let plain = Parts(foreground: [], background: [], attributes: 0)
    static let unknown = Parts(foreground: nil, background: nil, attributes: nil)

    /// Whether a blank looks the same in any foreground: bold and dim are all that is on.
    var hidesForegroundOfBlanks: Bool { attributes.map { $0 & ~0b110 == 0 } ?? false }
  }

  /// The terminal's state is no longer known: everything is told again.
  mutating func forget() { told = .unknown }

  /// The bytes that do the same as `frame`, the state they leave behind included, but for the foreground
  /// of blanks.
  /// - Complexity: O(bytes).
  mutating func reduce(_ frame: [UInt8]) -> [UInt8] {
    out.removeAll(keepingCapacity: true)
    var rest = frame[...]
    while let byte = rest.first {
      let piece = rest.prefix(byte == 27 ? StyleFilter.sequenceLength(rest) : 1)
      rest = rest.dropFirst(piece.count)
      if byte == 27, piece.last == UInt8(ascii: "m"), piece.dropFirst().first == UInt8(ascii: "[") {
        let before = wanted
        if note(piece.dropFirst(2).dropLast()) { continue }
        // A sequence of a kind that curses is not known to send: it may change anything.
        wanted = before
        tell(wanted)
        out += piece
        (wanted, told) = (.unknown, .unknown)
        continue
      }
      var target = wanted
      if byte == 0x20, wanted.hidesForegroundOfBlanks {
        target.foreground = told.foreground
        if StyleFilter.needsReset(from: told, to: target) { target.foreground = [] }
      }
      tell(target)
      out += piece
    }
    tell(wanted)
    return out
  }

  /// How many bytes a sequence has, ESC included (ECMA-48 §5.4; ECMA-35 §13.2).
  private static func sequenceLength(_ bytes: ArraySlice<UInt8>) -> Int {
    var rest = bytes.dropFirst()
    let isControl = rest.first == UInt8(ascii: "[")
    if isControl { rest = rest.dropFirst() }
    rest = rest.drop { isControl ? 0x20..<0x40 ~= $0 : 0x20..<0x30 ~= $0 }
    return rest.startIndex - bytes.startIndex + (rest.isEmpty ? 0 : 1)
  }

  /// Notes what parameters say.
  /// - Returns: false where they say something else than curses does, and may have been noted in part.
  private mutating func note(_ parameters: ArraySlice<UInt8>) -> Bool {
    var rest = parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)[...]
    while let field = rest.popFirst() {
      guard let number = StyleFilter.number(field) else { return false }
      switch number {
      case 0: wanted = .plain
      case 1...9:
        guard let attributes = wanted.attributes else { return false }
        wanted.attributes = attributes | 1 << UInt16(number)
      case 30...37, 39, 90...97: wanted.foreground = field
      case 40...47, 49, 100...107: wanted.background = field
      case 38, 48:
        // 5;n or 2;r;g;b
        let count =
          rest.first == [UInt8(ascii: "5")] ? 2 : rest.first == [UInt8(ascii: "2")] ? 4 : 0
        let color = rest.prefix(count)
        guard count > 0, color.count == count, let end = color.last?.endIndex,
          color.allSatisfy({ StyleFilter.number($0) != nil })
        else { return false }
        rest = rest.dropFirst(count)
        if number == 38 {
          wanted.foreground = parameters[field.startIndex..<end]
        } else {
          wanted.background = parameters[field.startIndex..<end]
        }
      default: return false
      }
    }
    return true
  }

  /// A parameter; nothing stands for 0.
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    guard field.count <= 3, field.allSatisfy({ 0x30..<0x3A ~= $0 }) else { return nil }
    return field.reduce(0) { 10 * $0 + Int($1 - 0x30) }
  }

  /// Brings the terminal to a state.
  private mutating func tell(_ target: Parts) {
    guard target != told else { return }
    var fields: [ArraySlice<UInt8>] = []
    if StyleFilter.needsReset(from: told, to: target) {
      fields.append([UInt8(ascii: "0")])
      told = .plain
    }
    if let attributes = target.attributes, attributes != told.attributes {
      for number in UInt8(1)...9 where (attributes & ~(told.attributes ?? 0)) >> number & 1 == 1 {
        fields.append([0x30 + number])
      }
    }
    for (value, before) in [
      (target.foreground, told.foreground), (target.background, told.background),
    ] {
      if let value, value != before { fields.append(value) }
    }
    told = target
    guard !fields.isEmpty else { return }
    out += [27, UInt8(ascii: "[")]
    out += fields.joined(separator: [UInt8(ascii: ";")])
    out.append(UInt8(ascii: "m"))
  }

  /// Whether something has to go that only a reset takes away.
  private static func needsReset(from told: Parts, to target: Parts) -> Bool {
    if let attributes = target.attributes {
      guard let before = told.attributes, before & ~attributes == 0 else { return true }
    }
    return target.foreground == [] && told.foreground != []
      || target.background == [] && told.background != []
  }
}
