/// The glyphs beyond ASCII that the screen uses, with what stands for them on a terminal that has
/// only ASCII. Single cells are scalars, pieces of text are strings.
public struct Glyphs: Hashable, Sendable {
  /// Whether the terminal shows more than ASCII; half-block maps need it.
  public var isUnicode: Bool

  /// The upper half of a cell in the foreground colour.
  public var upperHalf: Unicode.Scalar
  /// A whole cell in the foreground colour.
  public var fullBlock: Unicode.Scalar
  /// Half of a cell, dotted.
  public var shade: Unicode.Scalar
  /// A line across.
  public var horizontal: Unicode.Scalar
  /// A line down.
  public var vertical: Unicode.Scalar

  /// A gauge's left end.
  public var gaugeStart: Unicode.Scalar
  /// A gauge's right end.
  public var gaugeEnd: Unicode.Scalar
  /// A gauge's filled part.
  public var gaugeFilled: Unicode.Scalar
  /// A gauge's empty part.
  public var gaugeEmpty: Unicode.Scalar
  /// Where a gauge stands.
  public var gaugeKnob: Unicode.Scalar

  /// Left of the cell under the cursor, where a map's cell is two columns wide.
  public var cursorLeft: Unicode.Scalar
  /// Right of the cell under the cursor, where a map's cell is two columns wide.
  public var cursorRight: Unicode.Scalar
  /// More of the map lies to the left.
  public var moreLeft: Unicode.Scalar
  /// More of the map lies to the right.
  public var moreRight: Unicode.Scalar
  /// More of the map lies above.
  public var moreAbove: Unicode.Scalar
  /// More of the map lies below.
  public var moreBelow: Unicode.Scalar
  /// The arrow keys.
  public var left: Unicode.Scalar
  public var right: Unicode.Scalar
  public var up: Unicode.Scalar
  public var down: Unicode.Scalar

  /// A dropped cell that was live.
  public var killed: Unicode.Scalar
  /// A dropped cell that was zero anyway.
  public var wasted: Unicode.Scalar
  /// NaN or ±Inf.
  public var notFinite: Unicode.Scalar

  /// Something goes on by itself.
  public var running: Unicode.Scalar

  /// Between the parts of a path: `seven ▸ edges`.
  public var separator: String
  /// Text was cut; a range: `0 … 3.05`.
  public var ellipsis: String
  /// `×2.00`
  public var times: String
  /// `.500 ±.038`
  public var plusMinus: String
  /// `−53 %`
  public var minus: String
  /// `2.318 → 4.636`
  public var arrow: String
  /// Between items: `kept · dropped`.
  public var dot: String

  /// For terminals in UTF-8.
  public static let unicode = Glyphs(
    isUnicode: true, upperHalf: "▀", fullBlock: "█", shade: "▒", horizontal: "─", vertical: "│",
    gaugeStart: "├", gaugeEnd: "┤", gaugeFilled: "─", gaugeEmpty: "─", gaugeKnob: "●",
    cursorLeft: "▐", cursorRight: "▌",
    moreLeft: "◂", moreRight: "▸", moreAbove: "▴", moreBelow: "▾",
    left: "←", right: "→", up: "↑", down: "↓", killed: "×", wasted: "·", notFinite: "!",
    running: "▶",
    separator: "▸", ellipsis: "…", times: "×", plusMinus: "±", minus: "−", arrow: "→", dot: "·")

  /// For all others.
  public static let ascii = Glyphs(
    isUnicode: false, upperHalf: "\"", fullBlock: "#", shade: "%", horizontal: "-", vertical: "|",
    gaugeStart: "[", gaugeEnd: "]", gaugeFilled: "=", gaugeEmpty: "-", gaugeKnob: "O",
    cursorLeft: "[", cursorRight: "]",
    moreLeft: "<", moreRight: ">", moreAbove: "^", moreBelow: "v",
    left: "<", right: ">", up: "^", down: "v", killed: "x", wasted: "~", notFinite: "!",
    running: ">",
    separator: ">", ellipsis: "..", times: "x", plusMinus: "+-", minus: "-", arrow: "->", dot: "|")

  /// What an ASCII terminal shows for a scalar that took one column: never more than one column, so
  /// that a screen made for Unicode stays aligned. `?` where nothing resembles it.
  public static func ascii(for scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII { return scalar }
    return stand[scalar] ?? "?"
  }

  private static let stand: [Unicode.Scalar: Unicode.Scalar] = [
    "▀": "\"", "▁": "_", "▂": "_", "▃": "_", "▄": "_", "▅": "_", "▆": "#", "▇": "#",
    "▖": ".", "▗": ".", "▘": "'", "▝": "'", "▚": "\\", "▞": "/",
    "█": "#", "▌": "[", "▐": "]", "░": ":", "▒": "%", "▓": "#",
    "─": "-", "━": "=", "│": "|", "┃": "|", "├": "[", "┤": "]", "┬": "+", "┴": "+", "┼": "+",
    "┌": "+", "┐": "+", "└": "+", "┘": "+", "╭": "+", "╮": "+", "╰": "+", "╯": "+",
    "●": "O", "○": "o", "◆": "*", "■": "#", "□": "o", "▪": "*", "•": "*", "·": ".", "…": "~",
    "◂": "<", "▸": ">", "▴": "^", "▾": "v", "◀": "<", "▶": ">", "▲": "^", "▼": "v",
    "←": "<", "→": ">", "↑": "^", "↓": "v", "×": "x", "±": "~", "−": "-", "–": "-", "—": "-",
    "≤": "<", "≥": ">", "≈": "~", "≠": "!", "√": "V", "∞": "8", "°": "o", "²": "2", "³": "3",
    "½": "h", "«": "<", "»": ">", "‹": "<", "›": ">", "’": "'", "‘": "'", "“": "\"", "”": "\"",
    "µ": "u", "μ": "u", "α": "a", "β": "b", "γ": "g", "σ": "s", "Σ": "S", "Δ": "D", "é": "e",
    "✓": "v", "✗": "x",
  ]
}
