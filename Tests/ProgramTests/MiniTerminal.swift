/// As much of a terminal as the program's own escapes need: the cursor is put (CUP), cells are
/// written, colours chosen (SGR), all cleared (ED 2). Anything else is kept in `unknown`.
struct MiniTerminal {
  private(set) var width: Int
  private(set) var height: Int
  private(set) var cells: [Cell]
  private(set) var unknown: [String] = []
  private var cursor = (x: 0, y: 0)
  private var look = Look()

  struct Cell: Equatable {
    var glyph: Unicode.Scalar = " "
    var look = Look()
  }

  /// Colours by the parameters that chose them, and the numbers of attributes.
  struct Look: Equatable {
    var foreground = "39"
    var background = "49"
    var attributes: Set<Int> = []
  }

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    cells = Array(repeating: Cell(), count: width * height)
  }

  mutating func resize(width: Int, height: Int) {
    self = MiniTerminal(width: width, height: height)
  }

  mutating func feed(_ text: String) {
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\u{1B}":
        guard rest.popFirst() == "[" else {
          unknown.append("ESC")
          continue
        }
        let end = rest.firstIndex { $0.properties.isAlphabetic } ?? rest.endIndex
        guard end < rest.endIndex else { return unknown.append("cut") }
        control(rest[end], String(rest[..<end]))
        rest = rest[rest.index(after: end)...]
      case "\n": cursor = (0, cursor.y + 1)
      default:
        guard cursor.x < width, cursor.y < height else {
          unknown.append("beyond the screen")
          continue
        }
        cells[cursor.y * width + cursor.x] = Cell(glyph: scalar, look: look)
        cursor.x += 1
      }
    }
  }

  private mutating func control(_ final: Unicode.Scalar, _ parameters: String) {
    let numbers = parameters.split(separator: ";").compactMap { Int($0) }
    switch (final, parameters) {
    case ("H", _) where numbers.count == 2: cursor = (numbers[1] - 1, numbers[0] - 1)
    case ("J", "2"): cells = Array(repeating: Cell(), count: width * height)
    case ("m", _): choose(numbers[...])
    case ("h", "?25"), ("l", "?25"): break
    default: unknown.append("\(parameters)\(final)")
    }
  }

  private mutating func choose(_ numbers: ArraySlice<Int>) {
    var rest = numbers
    while let number = rest.popFirst() {
      switch number {
      case 0: look = Look()
      case 1, 2, 4, 7: look.attributes.insert(number)
      case 38, 48:
        let count = rest.first == 2 ? 4 : 2
        let color = rest.prefix(count).map { "\($0)" }.joined(separator: ";")
        rest = rest.dropFirst(count)
        if number == 38 { look.foreground = color } else { look.background = color }
      case 30...39, 90...97: look.foreground = "\(number)"
      case 40...49, 100...107: look.background = "\(number)"
      default: unknown.append("\(number)m")
      }
    }
  }
}
