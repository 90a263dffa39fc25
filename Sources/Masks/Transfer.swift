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

  /// Writes what `count` cells become; `keeps` tells by a cell's index whether it is kept.
  ///
  /// Written so that it compiles to vector code: every cell is worked out and then selected. Without
  /// a shift nothing is added, for −0 + 0 is +0.
  @inline(__always)
  func write(
    _ out: UnsafeMutablePointer<Float>, x: UnsafePointer<Float>, count: Int,
    keeps: (Int) -> Bool
  ) {
    let (scale, shift, dropped) = (scale, shift, dropped)
    if shift == 0 {
      for i in 0..<count {
        let y = x[i] * scale
        out[i] = keeps(i) ? y : dropped
      }
    } else {
      for i in 0..<count {
        let y = x[i] * scale + shift
        out[i] = keeps(i) ? y : dropped
      }
    }
  }
}
