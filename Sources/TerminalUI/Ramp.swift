/// Sequential colour ramps for values scaled to 0…1: brightness rises with the value, so they also
/// read without telling hues apart. A ramp has 32 levels, few enough for a terminal's colour pairs.
public enum Ramp: String, CaseIterable, Sendable {
  /// Dark violet, blue, green, yellow.
  case viridis
  /// Dark grey to white.
  case grey

  /// The number of different colours, zero's included.
  public static let levels = 32

  /// The level 0 ..< 32 of a value; values beyond 0…1 count as the nearer end. Only 0 (or less) has
  /// level 0, so that a cell that is alive never looks like one that is not. Nil for NaN and ±Inf.
  public static func level(of value: Float) -> Int? {
    guard value.isFinite else { return nil }
    guard value > 0 else { return 0 }
    let steps = Float(levels - 1)
    return min(levels - 1, max(1, Int((min(value, 1) * steps).rounded())))
  }

  /// The colour of a level 0 ..< 32; levels beyond count as the nearer end.
  public func color(level: Int) -> Color {
    let level = min(max(0, level), Ramp.levels - 1)
    guard level > 0 else { return Palette.zero }
    switch self {
    case .viridis: return Color(hex: Ramp.viridisLevels[level - 1])
    case .grey:
      let shade = UInt8(64 + (level - 1) * 184 / (Ramp.levels - 2))
      return .rgb(shade, shade, shade)
    }
  }

  /// The colour of a value 0…1; NaN and ±Inf have a colour of their own.
  public func color(at value: Float) -> Color {
    Ramp.level(of: value).map(color(level:)) ?? Palette.notFinite
  }

  /// The ramp for screens without half-blocks: from blank to dense.
  public static let glyphs: [Unicode.Scalar] = [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"]

  /// The glyph of a value 0…1: blank only for 0 (or less), `!` for NaN and ±Inf.
  public static func glyph(at value: Float) -> Unicode.Scalar {
    guard value.isFinite else { return "!" }
    guard value > 0 else { return glyphs[0] }
    let steps = Float(glyphs.count - 1)
    return glyphs[min(glyphs.count - 1, max(1, Int((min(value, 1) * steps).rounded())))]
  }

  /// Entries 40, 47, 54, … 255 of the 256 that Smith, van der Walt and Firing published as viridis
  /// (matplotlib 1.5, CC0). The darkest sixth is left out: it is too close to the background.
  private static let viridisLevels: [UInt32] = [
    0x453781, 0x423F85, 0x3F4788, 0x3C508B, 0x38588C, 0x355F8D, 0x31668E, 0x2E6D8E,
    0x2C738E, 0x297A8E, 0x26828E, 0x23888E, 0x218F8D, 0x1F958B, 0x1E9C89, 0x20A386,
    0x24AA83, 0x2AB07F, 0x34B679, 0x3FBC73, 0x4CC26C, 0x5AC864, 0x6CCD5A, 0x7CD250,
    0x8ED645, 0xA0DA39, 0xB2DD2D, 0xC8E020, 0xDAE319, 0xECE51B, 0xFDE725,
  ]
}
