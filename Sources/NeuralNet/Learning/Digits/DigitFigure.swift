import TensorCore

#if canImport(Glibc)
  import Glibc
#endif

/// The line a pen follows: for each stroke a chain of points close together.
struct DigitFigure {
  private(set) var strokes: [[Point]]

  /// Points between two that the strokes name.
  static let steps = 12

  /// Smooth curves through the points of each stroke.
  init(_ form: DigitStrokes.Form) { strokes = form.map(DigitFigure.curve) }

  /// A Catmull–Rom spline: through every point, its tangent there parallel to the line between the
  /// neighbours. The ends are continued by reflection.
  private static func curve(_ points: [Point]) -> [Point] {
    guard points.count > 2 else { return points }
    func at(_ i: Int) -> Point {
      if i < 0 { return Point(2 * points[0].x - points[1].x, 2 * points[0].y - points[1].y) }
      guard i >= points.count else { return points[i] }
      let (last, before) = (points[points.count - 1], points[points.count - 2])
      return Point(2 * last.x - before.x, 2 * last.y - before.y)
    }
    var curve = [points[0]]
    for i in 0..<points.count - 1 {
      let (a, b, c, d) = (at(i - 1), at(i), at(i + 1), at(i + 2))
      func blend(_ a: Float, _ b: Float, _ c: Float, _ d: Float, _ t: Float) -> Float {
        let cubic = (3 * (b - c) + d - a) * t
        let square = (2 * a - 5 * b + 4 * c - d + cubic) * t
        return b + (c - a + square) * t / 2
      }
      for step in 1...steps {
        let t = Float(step) / Float(steps)
        curve.append(Point(blend(a.x, b.x, c.x, d.x, t), blend(a.y, b.y, c.y, d.y, t)))
      }
    }
    return curve
  }

  private mutating func mapPoints(_ move: (Point) -> Point) {
    for i in strokes.indices { strokes[i] = strokes[i].map(move) }
  }

  /// An unsteady hand: a smooth displacement of the whole box, three waves in each direction, at
  /// most `amount` long along either axis.
  mutating func wobble(_ amount: Float, _ stream: RandomStream) {
    guard amount > 0 else { return }
    // Apart from the numbers that chose the style.
    let first = 1024
    let waves = (0..<6).map { wave in
      (0..<4).map { stream.uniform(at: first + 4 * wave + $0) }
    }
    func displacement(_ waves: ArraySlice<[Float]>, _ at: Point) -> Float {
      waves.reduce(0) { sum, wave in
        let (alongX, alongY) = (2 * wave[0] - 1, 2 * wave[1] - 1)
        let phase = 2 * Float.pi * (1.5 * (alongX * at.x + alongY * at.y) + wave[2])
        return sum + (0.5 + 0.5 * wave[3]) * sin(phase) / 3
      }
    }
    mapPoints { point in
      Point(
        point.x + amount * displacement(waves[..<3], point),
        point.y + amount * displacement(waves[3...], point))
    }
  }

  /// Widens, slants and turns about the middle of the box.
  mutating func lean(rotation: Float, slant: Float, width: Float) {
    let (cosine, sine) = (cos(rotation), sin(rotation))
    mapPoints { point in
      let (y, flat) = (point.y - 0.5, (point.x - 0.4) * width)
      let x = flat - y * slant
      return Point(x * cosine - y * sine, x * sine + y * cosine)
    }
  }

  /// Scales so that the longer side of the bounding box is `side`, its middle at `centre`.
  mutating func fit(side: Float, at centre: Point) {
    let (xs, ys) = (strokes.joined().map(\.x), strokes.joined().map(\.y))
    guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max()
    else { return }
    let longest = max(right - left, bottom - top)
    let factor = longest > 0 ? max(0, side) / longest : 0
    let (midX, midY) = ((left + right) / 2, (top + bottom) / 2)
    mapPoints { point in
      Point(centre.x + (point.x - midX) * factor, centre.y + (point.y - midY) * factor)
    }
  }

  /// Moves everything.
  mutating func move(x: Float, y: Float) { mapPoints { Point($0.x + x, $0.y + y) } }
}
