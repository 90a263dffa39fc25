import Masks
import TensorCore
import TerminalUI

/// The range of a map's values, and the ink of each: the colour ramp with its ends.
struct ValueScale {
  let low: Float
  let high: Float

  /// The range of the finite values of a plane, or of all there are. Where none is negative it starts at
  /// 0, so that zero is dark.
  init(_ tensor: Tensor, over plane: Plane? = nil) {
    var (low, high) = (Float(0), Float(0))
    tensor.withElements { elements in
      func include(_ run: Plane.Stretch) {
        for k in 0..<run.count {
          let value = elements[run.start + k * run.step]
          let finite = value.isFinite ? value : 0
          low = min(low, finite)
          high = max(high, finite)
        }
      }
      if let plane {
        plane.runs.forEach(include)
      } else {
        include(Plane.Stretch(start: 0, count: elements.count, step: 1))
      }
    }
    (self.low, self.high) = (low, high)
  }

  /// `0…3.05`
  func text(_ glyphs: Glyphs) -> String {
    NumberText.short(low) + glyphs.ellipsis + NumberText.short(high)
  }

  init(low: Float, high: Float) { (self.low, self.high) = (low, high) }

  /// The range of the same map after its kept values were scaled and shifted; what no float holds ends
  /// at the largest.
  func through(_ transfer: Transfer) -> ValueScale {
    guard transfer.scale.isFinite, transfer.shift.isFinite else { return self }
    let largest = Float.greatestFiniteMagnitude
    func end(_ value: Float) -> Float {
      min(largest, max(-largest, value * transfer.scale + transfer.shift))
    }
    return ValueScale(low: min(end(low), 0), high: max(end(high), 0))
  }

  /// The ink of one value.
  func ink(_ value: Float, _ theme: Theme) -> MapPicture.Ink {
    let level = !value.isFinite ? value : high > low ? share(of: value) : 0
    let color = theme.ramp.color(at: level)
    return MapPicture.Ink(
      color, Ramp.glyph(at: level), glyphColor: level == 0 ? Palette.dim : color,
      mark: value.isFinite ? nil : .notFinite)
  }

  /// Where a value lies between the ends. The range of large floats is beyond any float.
  private func share(of value: Float) -> Float {
    let share = (value - low) / (high - low)
    guard (high - low).isInfinite else { return share }
    return Float((Double(value) - Double(low)) / (Double(high) - Double(low)))
  }
}
