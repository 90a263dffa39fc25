/// What the user asked for with `--color`.
public enum ColorChoice: String, CaseIterable, Sendable {
  /// What the environment and the terminal say.
  case auto
  /// None.
  case never
  /// 16 colours.
  case ansi16 = "16"
  /// 256 colours.
  case palette256 = "256"
  /// 24 bits.
  case truecolor

  /// The depth to draw in: the flag, then NO_COLOR (no-color.org: set and not empty), then
  /// COLORTERM, then what terminfo says.
  ///
  /// GNU screen hands COLORTERM on from the terminal it runs in but does not understand 24 bits
  /// before version 5, so inside it (STY is set) COLORTERM says nothing.
  /// - Parameters:
  ///   - environment: the variables of the process
  ///   - terminfoColors: the terminal's number of colours, 0 or less where it has none
  public func depth(environment: [String: String], terminfoColors: Int) -> ColorDepth {
    switch self {
    case .never: return .none
    case .ansi16: return .ansi16
    case .palette256: return .palette256
    case .truecolor: return .truecolor
    case .auto: break
    }
    if !(environment["NO_COLOR"] ?? "").isEmpty { return .none }
    let term = environment["TERM"] ?? ""
    let colorTerm = environment["COLORTERM"] ?? ""
    let isInScreen = !(environment["STY"] ?? "").isEmpty && term.hasPrefix("screen")
    if colorTerm == "truecolor" || colorTerm == "24bit", !isInScreen, term != "dumb" {
      return .truecolor
    }
    switch terminfoColors {
    case 0x100_0000...: return .truecolor
    case 256...: return .palette256
    case 16...: return .ansi16
    case 8...: return .ansi8
    default: return .none
    }
  }
}
