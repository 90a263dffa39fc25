/// Times in scripts: seconds with a decimal point, kept as whole milliseconds.
public enum ScriptTime {
  /// `1.250` for 1250.
  public static func text(_ milliseconds: Int) -> String {
    let parts = "\(milliseconds % 1000)"
    return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - parts.count))\(parts)"
  }

  /// 1250 for `1.25`; digits beyond the third are rounded. Nil for what is no time up to a year.
  static func milliseconds(_ text: Substring) -> Int? {
    guard text.unicodeScalars.allSatisfy({ ("0"..."9").contains($0) || $0 == "." }),
      let seconds = Double(text), seconds <= 31_536_000
    else { return nil }
    return Int((seconds * 1000).rounded())
  }
}
