/// Sequential colour ramps for values scaled to 0…1: brightness rises with the value (on `sheet` it
/// falls), so they also read without telling hues apart. A ramp has 32 levels, few enough for a terminal's colour pairs.
public enum Ramp: String, CaseIterable, Sendable {
  /// Dark violet, blue, green, yellow.
  case viridis
  /// Dark violet, magenta, orange, cream.
  case magma
  /// Dark grey to white.
  case grey
  /// White to red, as the fast.ai spreadsheet colours its cells: the one ramp on which zero is light.
  case sheet

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
    if self == .sheet { return Ramp.sheetColor(level) }
    guard level > 0 else { return Palette.zero }
    switch self {
    case .viridis: return Color(hex: Ramp.viridisLevels[level - 1])
    case .magma: return Color(hex: Ramp.magmaLevels[level - 1])
    case .sheet: return Ramp.sheetColor(level)
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

  /// The same entries of magma, by the same authors and from the same place.
  private static let magmaLevels: [UInt32] = [
    0x29115A, 0x341069, 0x400F74, 0x4C117A, 0x57157E, 0x621980, 0x6D1D81, 0x782281,
    0x832681, 0x8E2A81, 0x992D80, 0xA5317E, 0xB0357B, 0xBC3978, 0xC73D73, 0xD2426F,
    0xDC4869, 0xE55064, 0xED5A5F, 0xF3655C, 0xF7725C, 0xFA7F5E, 0xFC8C63, 0xFD9A6A,
    0xFEA772, 0xFEB47B, 0xFEC185, 0xFECD90, 0xFDDA9C, 0xFDE7A9, 0xFCF4B6,
  ]

  /// From white to the sheet's red, a straight line: ever darker.
  private static func sheetColor(_ level: Int) -> Color {
    func part(_ from: Int, _ to: Int) -> UInt8 {
      UInt8(from + (to - from) * level / (levels - 1))
    }
    return .rgb(part(245, 192), part(245, 24), part(245, 24))
  }
}
