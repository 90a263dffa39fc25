public import TensorCore

/// Digits that look written by hand, drawn by this program: strokes, a hand's way with them, and a
/// pen. In the manner of MNIST: 28×28, ink 1 on 0, the longer side 20 pixels, the centre of mass in
/// the middle.
public enum Digit {
  /// Rows and columns of a picture.
  public static let size = 28

  /// The digits' names, by which the built-in pictures go: `seven` is the eighth.
  public static let names = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
  ]

  /// Draws a digit: `[1,1,28,28]`, 0 for paper to 1 for ink.
  /// - Parameters:
  ///   - digit: 0 … 9
  ///   - style: how it is written
  public static func draw(_ digit: Int, style: DigitStyle = .plain) -> Tensor {
    Tensor([1, 1, size, size], ink(digit, style: style, size: size))
  }

  /// A digit on a square sheet of another size, row by row; lengths that the style gives in pixels
  /// grow with the sheet.
  static func ink(_ digit: Int, style: DigitStyle, size: Int) -> [Float] {
    precondition((0...9).contains(digit), "\(digit) is not a digit")
    let unit = Float(size) / Float(Digit.size)
    var figure = DigitFigure(DigitStrokes.form(digit, style.form))
    figure.wobble(style.wobble, style.stream)
    figure.lean(rotation: style.rotation, slant: style.slant, width: style.width)
    // The pen's ink ends half its width and half its soft edge beyond the line.
    let pen = DigitPen(thickness: style.thickness * unit)
    let middle = Float(size) / 2
    figure.fit(
      side: 20 * unit * style.scale - pen.thickness - pen.edge, at: Point(middle, middle))

    let mass = pen.draw(figure, size: size).centreOfMass
    figure.move(x: middle - mass.x + style.shiftX * unit, y: middle - mass.y + style.shiftY * unit)
    return pen.draw(figure, size: size).values
  }
}
