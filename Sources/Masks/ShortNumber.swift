/// A number in a few characters: `.333`, `1.666`, `-.779`, with so many digits after the point.
func shortNumber(_ x: Double, digits: Int = 3) -> String {
  let unit = (0..<digits).reduce(1.0) { unit, _ in unit * 10 }
  guard x.isFinite, abs(x) < 1e9 else { return "\(x)" }
  let cells = Int((abs(x) * unit).rounded())
  let (whole, rest) = cells.quotientAndRemainder(dividingBy: Int(unit))
  let decimals = String(String(rest + Int(unit)).dropFirst())
  return (x < 0 && cells > 0 ? "-" : "") + (whole == 0 ? "" : String(whole)) + "." + decimals
}
