import Studies
public import TerminalUI

/// How the screen looks: what the terminal can show, and the ramp for values.
public struct Theme: Hashable, Sendable {
  /// Glyphs beyond letters.
  public var glyphs: Glyphs
  /// The colours of values.
  public var ramp: Ramp
  /// Whether there are colours enough for half-blocks; else maps are made of glyphs.
  public var hasColor: Bool
  /// How many colours there are, as far as is known.
  public var depth: ColorDepth

  /// A theme; by default for a terminal in UTF-8 with 256 colours or more.
  public init(
    glyphs: Glyphs = .unicode, ramp: Ramp = .viridis, hasColor: Bool = true,
    depth: ColorDepth? = nil
  ) {
    (self.glyphs, self.ramp, self.hasColor) = (glyphs, ramp, hasColor)
    self.depth = depth ?? (hasColor ? .truecolor : .none)
  }

  /// For plain text: no colour to tell cells apart.
  public static let text = Theme(hasColor: false)

  /// Whether two cells of a map share a cell of the screen.
  public var usesHalfBlocks: Bool { glyphs.isUnicode && hasColor }
}
