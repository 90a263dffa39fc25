/// A round pen with a soft edge.
struct DigitPen {
  /// Its width in pixels, where the ink is half.
  var thickness: Float
  /// Over how many pixels ink fades into paper.
  let edge: Float = 1.2

  /// Ink on a square sheet.
  struct Sheet {
    let size: Int
    /// 0 … 1, row by row.
    var values: [Float]

    /// The middle of the ink; the middle of the sheet where there is none.
    var centreOfMass: Point {
      var (mass, x, y) = (Float(0), Float(0), Float(0))
      for (i, ink) in values.enumerated() {
        mass += ink
        x += ink * (Float(i % size) + 0.5)
        y += ink * (Float(i / size) + 0.5)
      }
      return mass > 0 ? Point(x / mass, y / mass) : Point(Float(size) / 2, Float(size) / 2)
    }
  }

  /// Draws a figure given in pixels; what lies beyond the sheet is lost.
  func draw(_ figure: DigitFigure, size: Int) -> Sheet {
    let radius = thickness / 2
    // How deep each pixel's middle lies in ink; beyond the soft edge it does not matter how far.
    var depth = [Float](repeating: -edge, count: size * size)
    for stroke in figure.strokes {
      for (a, b) in zip(stroke, stroke.dropFirst()) {
        for y in pixels(a.y, b.y, size) {
          for x in pixels(a.x, b.x, size) {
            let d = radius - distance(Point(Float(x) + 0.5, Float(y) + 0.5), a, b)
            depth[y * size + x] = max(depth[y * size + x], d)
          }
        }
      }
    }
    return Sheet(size: size, values: depth.map { min(1, max(0, 0.5 + $0 / edge)) })
  }

  /// The pixels along one axis that a segment from a to b can reach.
  private func pixels(_ a: Float, _ b: Float, _ size: Int) -> Range<Int> {
    let reach = thickness / 2 + edge
    func pixel(_ x: Float) -> Int { Int(min(Float(size), max(0, x))) }
    let first = pixel((min(a, b) - reach).rounded(.down))
    return first..<max(first, pixel((max(a, b) + reach).rounded(.up)))
  }

  /// From a point to the segment from a to b.
  private func distance(_ p: Point, _ a: Point, _ b: Point) -> Float {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = dx * dx + dy * dy
    let along = length > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length : 0
    let t = min(1, max(0, along))
    let (x, y) = (p.x - a.x - t * dx, p.y - a.y - t * dy)
    return (x * x + y * y).squareRoot()
  }
}
