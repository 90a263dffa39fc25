import TerminalUI

/// Keys and mouse reports as terminals send them (ECMA-48 §5.4, xterm's ctlseqs), for what terminfo
/// does not list: arrows with Ctrl held, keypads, an entry that is not the terminal's.
enum EscapeSequence {
  /// What a report of the mouse says, from the text between `ESC[<` and its last byte, `M` for a
  /// press or movement, `m` for a release: `b;x;y`, counted from 1. Of the buttons only the left one
  /// is told, and the wheel.
  static func mouse(_ parameters: String, isRelease: Bool) -> InputEvent? {
    let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 3, let bits = numbers[0], let x = numbers[1], let y = numbers[2],
      (0..<256).contains(bits), (1...10_000).contains(x), (1...10_000).contains(y)
    else { return nil }
    let button = bits & 3
    let action: InputEvent.MouseAction
    switch (bits & 64 != 0, bits & 32 != 0) {
    case (true, _):
      guard button < 2, !isRelease else { return nil }
      action = button == 0 ? .wheelUp : .wheelDown
    case (false, true): action = .drag
    case (false, false): action = isRelease ? .release : .press
    }
    guard bits & 64 != 0 || button == 0 else { return nil }
    return .mouse(action, x: x - 1, y: y - 1)
  }

  /// The key of a control sequence, `ESC[` or `ESC O`, its parameters and its last byte; modifiers
  /// are left out. Nil for keys the program has no use for.
  static func key(parameters: String, final: Unicode.Scalar) -> InputEvent? {
    switch final {
    case "A": return .key(.up)
    case "B": return .key(.down)
    case "C": return .key(.right)
    case "D": return .key(.left)
    case "H": return .key(.home)
    case "F": return .key(.end)
    case "M": return .key(.enter)
    case "Z": return .key(.backTab)
    case "P", "Q", "R", "S": return .key(.function(Int(final.value) - 0x4F))
    case "~": break
    default: return nil
    }
    let number = parameters.split(separator: ";").first.flatMap { Int($0) }
    switch number {
    case 1, 7: return .key(.home)
    case 4, 8: return .key(.end)
    case 3: return .key(.delete)
    case 5: return .key(.pageUp)
    case 6: return .key(.pageDown)
    // The numbers have gaps where the VT220's keyboard had.
    case .some(let n) where (11...15).contains(n): return .key(.function(n - 10))
    case .some(let n) where (17...21).contains(n): return .key(.function(n - 11))
    case .some(let n) where (23...24).contains(n): return .key(.function(n - 12))
    default: return nil
    }
  }
}
