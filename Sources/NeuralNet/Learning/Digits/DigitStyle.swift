public import TensorCore

/// How a hand writes a digit.
public struct DigitStyle: Hashable, Sendable {
  /// Which way of writing the digit, where it has several (a seven with or without a dash). Numbers
  /// beyond the last way start again at the first.
  public var form = 0
  /// Turned clockwise, in radians.
  public var rotation: Float = 0
  /// Slant: how far the top leans to the right, as a fraction of the height.
  public var slant: Float = 0
  /// Width against height; 1 leaves the digit's own proportions.
  public var width: Float = 1
  /// Size against the usual one, 20 pixels for the longer side.
  public var scale: Float = 1
  /// Moved to the right, in pixels.
  public var shiftX: Float = 0
  /// Moved down, in pixels.
  public var shiftY: Float = 0
  /// The pen's width, in pixels.
  public var thickness: Float = 2.3
  /// How unsteady the hand is: the greatest displacement as a fraction of the digit's height.
  public var wobble: Float = 0
  /// Where the wobble's numbers come from.
  public var stream: RandomStream

  /// A steady hand.
  public static let plain = DigitStyle(stream: RandomStream(seed: 0))

  /// A style with everything else as in `plain`.
  public init(stream: RandomStream) { self.stream = stream }

  /// Somebody's hand: the same stream gives the same style.
  public static func random(_ stream: RandomStream) -> DigitStyle {
    var index = 0
    func number(_ range: ClosedRange<Float>) -> Float {
      index += 1
      let u = stream.uniform(at: index - 1)
      return range.lowerBound + u * (range.upperBound - range.lowerBound)
    }
    var style = DigitStyle(stream: stream)
    style.form = Int(number(0...64))
    style.rotation = number(-0.2...0.2)
    style.slant = number(-0.1...0.3)
    style.width = number(0.8...1.2)
    style.scale = number(0.85...1)
    style.shiftX = number(-1...1)
    style.shiftY = number(-1...1)
    style.thickness = number(1.6...3.2)
    style.wobble = number(0.01...0.06)
    return style
  }
}
