/// What one sample's cells become: kept x·scale + shift, dropped the value given.
public struct Transfer: Equatable, Sendable {
  /// The factor on a kept value.
  public var scale: Float
  /// Added to a kept value after scaling.
  public var shift: Float
  /// What stands in a dropped cell.
  public var dropped: Float

  /// A transfer; by default the identity on kept cells and 0 on dropped ones.
  public init(scale: Float = 1, shift: Float = 0, dropped: Float = 0) {
    (self.scale, self.shift, self.dropped) = (scale, shift, dropped)
  }

  /// Kept values × 1/(1−p) for inverted scaling, untouched otherwise; dropped ones 0. At p = 1 no
  /// factor makes up for the dropped: whatever a mask keeps all the same stays as it is.
  static func make(rate: Rate, scaling: Scaling) -> Transfer {
    guard scaling == .inverted, rate.keep > 0 else { return Transfer() }
    return Transfer(scale: Float(1 / rate.keep))
  }

  /// Writes what `count` cells become where `kept` says which are kept.
  func write(
    _ out: UnsafeMutablePointer<Float>, x: UnsafePointer<Float>, kept: UnsafePointer<Bool>,
    count: Int
  ) {
    let (scale, shift, dropped) = (scale, shift, dropped)
    for i in 0..<count {
      // Worked out for every cell and then selected: a branch around it would not become vector
      // code. Without a shift nothing is added, for −0 + 0 is +0.
      let y = shift == 0 ? x[i] * scale : x[i] * scale + shift
      out[i] = kept[i] ? y : dropped
    }
  }

  /// Writes what `count` cells become that are all kept.
  func writeKept(
    _ out: UnsafeMutablePointer<Float>, x: UnsafePointer<Float>, count: Int
  ) {
    let (scale, shift) = (scale, shift)
    for i in 0..<count { out[i] = shift == 0 ? x[i] * scale : x[i] * scale + shift }
  }
}
