import TerminalUI

/// The styles of a screen as a terminal of some depth is told them, as text: its glyphs, a letter
/// for each cell's ink and paper, one for its attributes, and what the letters mean.
func styleText(_ buffer: Buffer, _ depth: ColorDepth) -> String {
  var inks = Letters<ReducedColor>(first: .terminal)
  var papers = Letters<ReducedColor>(first: .terminal)
  var looks = Letters<UInt8>(first: 0)
  var rows: [String] = []
  for y in 0..<buffer.height {
    var (ink, paper, look) = ("", "", "")
    for x in 0..<buffer.width {
      let (foreground, background, attributes) = depth.reduce(buffer[x, y].style)
      ink.append(inks.letter(foreground))
      paper.append(papers.letter(background))
      look.append(looks.letter(attributes.rawValue))
    }
    rows.append("\(ink)  \(paper)  \(look)")
  }
  func legend(_ title: String, _ lines: [(Character, String)]) -> String {
    "\(title): " + lines.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }
  return
    ([buffer.text, "", "ink, paper, attributes"] + rows + [
      legend("ink", inks.all.map { ($0, name($1)) }),
      legend("paper", papers.all.map { ($0, name($1)) }),
      legend("attributes", looks.all.map { ($0, name(Style.Attributes(rawValue: $1))) }),
    ]).joined(separator: "\n")
}

/// Letters in the order in which things are first seen; a full stop for the plainest.
private struct Letters<Thing: Hashable> {
  private(set) var all: [(Character, Thing)]
  private var known: [Thing: Character]
  private static var alphabet: [Character] {
    Array(
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&*+<=>?@^~αβγδεζηθικλμ")
  }

  init(first: Thing) {
    all = [(".", first)]
    known = [first: "."]
  }

  mutating func letter(_ thing: Thing) -> Character {
    if let letter = known[thing] { return letter }
    let letter = Self.alphabet[all.count - 1]
    all.append((letter, thing))
    known[thing] = letter
    return letter
  }
}

private func name(_ color: ReducedColor) -> String {
  switch color {
  case .terminal: "terminal"
  case .index(let index): "\(index)"
  case .rgb(let value):
    "#" + String(repeating: "0", count: 6 - String(value, radix: 16).count)
      + String(value, radix: 16)
  }
}

private func name(_ attributes: Style.Attributes) -> String {
  let words: [(Style.Attributes, String)] = [
    (.bold, "bold"), (.dim, "dim"), (.underline, "underline"), (.reverse, "reverse"),
  ]
  let found = words.filter { attributes.contains($0.0) }.map(\.1)
  return found.isEmpty ? "none" : found.joined(separator: "+")
}
