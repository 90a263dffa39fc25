/// Colours for values scaled to −1…1 around a neutral 0: blue below, orange above (of the set of Okabe
/// and Ito, told apart with any colour vision), both brighter the further from 0. Where there is no
/// colour, glyphs tell the sign and how far.
public enum DivergingRamp {
  /// The number of different colours on each side of 0.
  public static let levels = 15
  /// The far end below 0.
  public static let negative = Color(hex: 0x0072B2)
  /// The far end above 0.
  public static let positive = Color(hex: 0xE69F00)

  /// The level −15…15 of a value; values beyond −1…1 count as the nearer end. Only 0 has level 0, so
  /// that a difference never looks like none. Nil for NaN and ±Inf.
  public static func level(of value: Float) -> Int? {
    guard value.isFinite else { return nil }
    guard value != 0 else { return 0 }
    let size = max(1, Int((min(abs(value), 1) * Float(levels)).rounded()))
    return value < 0 ? -size : size
  }

  /// The colour of a value; NaN and ±Inf have a colour of their own.
  public static func color(at value: Float) -> Color {
    guard let level = level(of: value) else { return Palette.notFinite }
    guard level != 0 else { return Palette.zero }
    // The weakest begins a third of the way up, above the neutral floor.
    let share = (abs(level) - 1) * 2 + levels - 1
    return mixed(
      Palette.zero, level < 0 ? negative : positive, share: share, of: 3 * (levels - 1))
  }

  /// The glyph of a value: `-` and `=` below 0, `+` and `#` above, the denser from half of the range
  /// on; blank for 0 and `!` for NaN and ±Inf.
  public static func glyph(at value: Float) -> Unicode.Scalar {
    guard value.isFinite else { return "!" }
    if value == 0 { return " " }
    let isFar = abs(value) >= 0.5
    return value < 0 ? (isFar ? "=" : "-") : (isFar ? "#" : "+")
  }

  private static func mixed(_ from: Color, _ to: Color, share: Int, of whole: Int) -> Color {
    guard case .rgb(let r, let g, let b) = from, case .rgb(let r2, let g2, let b2) = to else {
      return to
    }
    func part(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8(Int(a) + (Int(b) - Int(a)) * share / whole)
    }
    return .rgb(part(r, r2), part(g, g2), part(b, b2))
  }
}
