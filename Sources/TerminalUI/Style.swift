/// A colour of a cell. Panels speak in true colour; a backend brings it down to what the terminal
/// has.
public enum Color: Hashable, Sendable {
  /// The terminal's own foreground or background.
  case terminal
  /// Red, green, blue, 0 … 255.
  case rgb(UInt8, UInt8, UInt8)

  /// A colour as 0xRRGGBB.
  public init(hex: UInt32) {
    self = .rgb(UInt8(hex >> 16 & 255), UInt8(hex >> 8 & 255), UInt8(hex & 255))
  }

  /// Brightness 0…255 by the weights of ITU-R BT.601; the terminal's own colours count as dark.
  var luma: Int {
    guard case .rgb(let r, let g, let b) = self else { return 0 }
    return (299 * Int(r) + 587 * Int(g) + 114 * Int(b)) / 1000
  }

  /// Whether dark text reads better on it than light text.
  public var isLight: Bool { luma > 120 }

  /// What marks a place on it: white is not seen on what is light.
  public var cursorInk: Color { isLight ? Palette.onAccent : Palette.cursor }
}

/// How a cell looks beside its glyph.
public struct Style: Hashable, Sendable {
  /// The glyph's colour.
  public var foreground: Color
  /// The colour behind it.
  public var background: Color
  /// Bold, underlined, …
  public var attributes: Attributes

  /// Attributes that also show where there is no colour.
  public struct Attributes: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Bold.
    public static let bold = Attributes(rawValue: 1)
    /// Dim.
    public static let dim = Attributes(rawValue: 2)
    /// Underlined.
    public static let underline = Attributes(rawValue: 4)
    /// Foreground and background exchanged.
    public static let reverse = Attributes(rawValue: 8)
  }

  /// A style; by default the terminal's own colours.
  public init(
    _ foreground: Color = .terminal, on background: Color = .terminal, _ attributes: Attributes = []
  ) {
    (self.foreground, self.background, self.attributes) = (foreground, background, attributes)
  }

  /// The terminal's own colours, no attribute.
  public static let plain = Style()
}
