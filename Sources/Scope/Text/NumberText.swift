/// Numbers as the screen writes them. Written here because formatting by Foundation would bring its
/// locale data into the binary.
public enum NumberText {
  /// A number with so many digits after the point: `2.318`, `-0.50`, `nan`, `inf`.
  public static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let unit = (0..<digits).reduce(1.0) { unit, _ in unit * 10 }
    let scaled = (abs(value) * unit).rounded()
    guard scaled < 1e15 else { return "\(Float(value))" }
    let whole = Int(scaled / unit)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    let fraction = String(Int(scaled - Double(whole) * unit))
    return "\(sign)\(whole)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// A probability without the leading zero, at least two digits and as many as it needs up to four:
  /// `.50`, `.375`, `1.0`.
  public static func probability(_ p: Double) -> String {
    guard p < 0.99995 else { return "1.0" }
    var text = fixed(p, 4)
    while text.hasSuffix("0"), text.count > 4 { text.removeLast() }
    return String(text.dropFirst())
  }

  /// A value of a map in at most `width` columns or so: four significant digits.
  public static func value(_ x: Float) -> String {
    let size = abs(Double(x))
    guard size.isFinite, size > 0 else { return x == 0 ? "0" : fixed(Double(x), 0) }
    switch size {
    case 1e6...: return scientific(Double(x))
    case 1000...: return fixed(Double(x), 0)
    case 100...: return fixed(Double(x), 1)
    case 10...: return fixed(Double(x), 2)
    case 0.001...: return fixed(Double(x), 3)
    default: return scientific(Double(x))
    }
  }

  /// A number without needless zeros: `1.5`, `1`, `.5`.
  public static func plain(_ value: Double) -> String {
    var text = fixed(value, 4)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text.withoutLeadingZero
  }

  /// A value for the end of a legend: three significant digits.
  public static func short(_ x: Float) -> String {
    let size = abs(Double(x))
    guard size >= 0.01, size < 1e5 else { return value(x) }
    return fixed(Double(x), size >= 100 ? 0 : size >= 10 ? 1 : 2)
  }

  /// A signed percentage without decimals: `−53 %`.
  public static func percent(_ share: Double) -> String { fixed(share * 100, 0) + "%" }

  private static func scientific(_ value: Double) -> String {
    var exponent = 0
    var mantissa = abs(value)
    while mantissa >= 9.995 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa < 0.9995 {
      mantissa *= 10
      exponent -= 1
    }
    return (value < 0 ? "-" : "") + fixed(mantissa, 2) + "e\(exponent)"
  }
}

extension String {
  /// `0.500` as `.500`.
  var withoutLeadingZero: String { hasPrefix("0.") ? String(dropFirst()) : self }
}

extension NumberText {
  /// A count in at most five characters: `896`, `12.3k`, `138M`, `19.6G`.
  public static func count(_ n: Int) -> String {
    let units: [(size: Double, name: String)] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    for (size, name) in units where Double(n) >= 0.9995 * size {
      let value = Double(n) / size
      return fixed(value, value < 99.95 ? 1 : 0) + name
    }
    return "\(n)"
  }
}

extension NumberText {
  /// A count with its thousands apart: `1,048,576`.
  public static func grouped(_ n: Int) -> String {
    var digits = String(abs(n))
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (n < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }
}
