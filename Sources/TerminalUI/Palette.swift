/// The theme's colours by what they mean. The strong ones are of the set of Okabe and Ito ("Color
/// Universal Design", 2008), which people with any colour vision tell apart; red is never set
/// against green.
public enum Palette {
  /// Behind everything.
  public static let background = Color(hex: 0x101218)
  /// Behind the line of keys.
  public static let bar = Color(hex: 0x222630)
  /// Behind what a script says.
  public static let note = Color(hex: 0x1B2736)
  /// Behind what a script speaks of.
  public static let marked = Color(hex: 0x24405C)
  /// Text.
  public static let text = Color(hex: 0xC8CDD7)
  /// Text on `bar`.
  public static let hint = Color(hex: 0xAAB0BE)
  /// Text that matters less; lines.
  public static let dim = Color(hex: 0x787E8C)
  /// Titles, and what has the focus.
  public static let accent = Color(hex: 0x78C8FF)
  /// Text on `accent` or another strong colour.
  public static let onAccent = Color(hex: 0x101218)

  /// A cell that is zero: the floor of every ramp, above the background so that a map's edges show.
  public static let zero = Color(hex: 0x1A1E26)
  /// A live cell that is kept.
  public static let kept = Color(hex: 0x98A2AC)
  /// A live cell that is dropped (vermilion).
  public static let killed = Color(hex: 0xD55E00)
  /// A dropped cell of a map after dropout: dark beside what survives, and no zero.
  public static let droppedCell = Color(hex: 0x2A1E17)
  /// A dropped cell that was zero anyway.
  public static let wasted = Color(hex: 0x3A302E)
  /// The cross on killed cells.
  public static let killedMark = Color(hex: 0x7A3600)
  /// The dot on wasted cells.
  public static let wastedMark = Color(hex: 0x74645F)
  /// Text about wasted cells: their own colour is too dark to read.
  public static let wastedText = Color(hex: 0x8F7A76)
  /// A cell the last change dropped (orange).
  public static let added = Color(hex: 0xE69F00)
  /// A cell the last change brought back (sky blue).
  public static let removed = Color(hex: 0x56B4E9)
  /// The curve of what is trained on, dropout acting (sky blue).
  public static let training = Color(hex: 0x56B4E9)
  /// The curve of the same images with dropout off.
  public static let clean = Color(hex: 0x98A2AC)
  /// The curve of what is held out (orange).
  public static let heldOut = Color(hex: 0xE69F00)
  /// Curves of several things that lie beside each other.
  public static let several: [Color] = [
    0x56B4E9, 0xE69F00, 0x009E73, 0xCC79A7, 0xF0E442, 0xD55E00, 0x0072B2, 0x98A2AC,
  ].map { Color(hex: $0) }
  /// NaN and ±Inf (reddish purple).
  public static let notFinite = Color(hex: 0xCC79A7)
  /// A warning (orange).
  public static let warning = Color(hex: 0xE69F00)
  /// The cell under the cursor.
  public static let cursor = Color(hex: 0xFFFFFF)
}

extension Style {
  /// Text on the theme's background.
  public static let text = Style(Palette.text, on: Palette.background)
  /// Text that matters less.
  public static let dim = Style(Palette.dim, on: Palette.background)
  /// A title.
  public static let title = Style(Palette.accent, on: Palette.background)
  /// The line of keys.
  public static let bar = Style(Palette.hint, on: Palette.bar)
  /// A key in the line of keys.
  public static let barKey = Style(Palette.accent, on: Palette.bar, .bold)

  /// Dark text on a strong colour: a label.
  public static func badge(_ color: Color) -> Style {
    Style(Palette.onAccent, on: color, .bold)
  }
}
