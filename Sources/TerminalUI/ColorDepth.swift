/// How many colours a terminal shows.
public enum ColorDepth: Int, Comparable, CaseIterable, Sendable {
  /// None: only attributes.
  case none
  /// The eight of ANSI.
  case ansi8
  /// Those and their bright forms.
  case ansi16
  /// The 256 of xterm, of which only 16…255 are used: the rest are whatever the user's theme says.
  case palette256
  /// 24 bits.
  case truecolor

  public static func < (a: ColorDepth, b: ColorDepth) -> Bool { a.rawValue < b.rawValue }
}

/// A colour as a terminal of some depth is told it.
public enum ReducedColor: Hashable, Sendable {
  /// The terminal's own.
  case terminal
  /// A place in the terminal's palette.
  case index(UInt8)
  /// 0xRRGGBB.
  case rgb(UInt32)
}

extension ColorDepth {
  /// The nearest colour a terminal of this depth has.
  ///
  /// With 8 or 16 colours a dark background becomes the terminal's own, and dark text is drawn in
  /// the nearest colour that is not black, since both must be told from what is around them.
  public func reduce(_ color: Color, isBackground: Bool) -> ReducedColor {
    guard case .rgb(let r, let g, let b) = color, self != .none else { return .terminal }
    let (red, green, blue) = (Int(r), Int(g), Int(b))
    switch self {
    case .none: return .terminal
    case .truecolor: return .rgb(UInt32(r) << 16 | UInt32(g) << 8 | UInt32(b))
    case .palette256: return .index(ColorDepth.nearest256(red, green, blue))
    case .ansi8, .ansi16:
      if isBackground, max(red, green, blue) < 0x50 { return .terminal }
      let count = self == .ansi8 ? 8 : 16
      // A grey is nearer to cyan than to either grey of the eight, and would no longer look like one.
      let isGrey = max(red, green, blue) - min(red, green, blue) < 40
      let candidates = ColorDepth.ansi.indices.prefix(count).filter {
        (isBackground || $0 > 0) && (!isGrey || [0, 7, 8, 15].contains($0))
      }
      let best = candidates.min {
        distance(ColorDepth.ansi[$0], red, green, blue)
          < distance(ColorDepth.ansi[$1], red, green, blue)
      }
      return .index(UInt8(best ?? 7))
    }
  }

  /// A style with both colours brought down. Where there is no grey to choose, grey text is dim, and
  /// where there is no colour, a light background becomes reverse video, so that badges and
  /// selections still show.
  public func reduce(
    _ style: Style
  ) -> (foreground: ReducedColor, background: ReducedColor, attributes: Style.Attributes) {
    var attributes = style.attributes
    if self < .ansi16, case .rgb(let r, let g, let b) = style.foreground,
      max(r, g, b) < 0xA0, min(r, g, b) > 0x50
    {
      attributes.insert(.dim)
    }
    if self == .none, style.background.luma > max(96, style.foreground.luma) {
      attributes.formSymmetricDifference(.reverse)
    }
    let background = reduce(style.background, isBackground: true)
    var foreground = reduce(style.foreground, isBackground: false)
    // On a colour dark text may be black; on the terminal's own background that might not show.
    if self == .ansi8 || self == .ansi16, background != .terminal, foreground != .terminal,
      style.foreground.luma < 64
    {
      foreground = .index(0)
    }
    return (foreground, background, attributes)
  }

  /// The nearest of xterm's 6×6×6 cube (16…231) and grey ramp (232…255).
  static func nearest256(_ r: Int, _ g: Int, _ b: Int) -> UInt8 {
    func step(_ value: Int) -> Int { value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40 }
    let (i, j, k) = (step(r), step(g), step(b))
    let cube = distance((cubeSteps[i], cubeSteps[j], cubeSteps[k]), r, g, b)
    let shade = min(23, max(0, ((r + g + b) / 3 - 3) / 10))
    let grey = 8 + 10 * shade
    return distance((grey, grey, grey), r, g, b) < cube
      ? UInt8(232 + shade) : UInt8(16 + 36 * i + 6 * j + k)
  }

  private static let cubeSteps = [0, 95, 135, 175, 215, 255]

  /// The sixteen as xterm shows them by default.
  private static let ansi: [(Int, Int, Int)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205),
    (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255),
    (255, 0, 255), (0, 255, 255), (255, 255, 255),
  ]
}

private func distance(_ a: (Int, Int, Int), _ r: Int, _ g: Int, _ b: Int) -> Int {
  let (dr, dg, db) = (a.0 - r, a.1 - g, a.2 - b)
  return dr * dr + dg * dg + db * db
}
