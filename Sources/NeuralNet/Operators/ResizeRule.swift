import Glibc
import TensorCore

/// How Resize finds the cells that a cell of the result is made of, along one axis.
/// https://onnx.ai/onnx/operators/onnx__Resize.html
struct ResizeRule: Sendable {
  var mode = Mode.nearest
  var nearest = Nearest.roundPreferFloor
  var coordinates = Coordinates.halfPixel
  var cubicCoefficient = -0.75
  var excludesOutside = false
  var antialiases = false
  /// Whether the nearest cell is the one before where there are more cells in the result, the one after
  /// where there are fewer: the rule of opset 10.
  var isNearestByScale = false

  enum Mode: String {
    case nearest, linear, cubic
  }

  enum Nearest: String {
    case roundPreferFloor = "round_prefer_floor", roundPreferCeil = "round_prefer_ceil"
    case floor, ceil

    func cell(_ x: Double) -> Int {
      switch self {
      case .roundPreferFloor: Int(Glibc.ceil(x - 0.5))
      case .roundPreferCeil: Int(Glibc.floor(x + 0.5))
      case .floor: Int(Glibc.floor(x))
      case .ceil: Int(Glibc.ceil(x))
      }
    }
  }

  enum Coordinates: String {
    case halfPixel = "half_pixel", halfPixelSymmetric = "half_pixel_symmetric"
    case pytorchHalfPixel = "pytorch_half_pixel", alignCorners = "align_corners"
    case asymmetric, tfCropAndResize = "tf_crop_and_resize"
  }

  /// One axis: its sizes, the factor between them (which need not be their ratio) and, for
  /// `tf_crop_and_resize`, the part of it that is looked at.
  struct Axis {
    var input: Int
    var output: Int
    var scale: Double
    var region = 0.0...1.0
  }

  /// Whether an axis stays as it is.
  func keeps(_ axis: Axis) -> Bool {
    axis.scale == 1 && axis.input == axis.output && axis.region == 0...1
  }

  /// The taps of each cell of the result; none where it lies outside what is looked at.
  func map(_ axis: Axis) -> AxisMap {
    AxisMap(count: axis.output) { cell in
      let x = position(of: cell, axis)
      if coordinates == .tfCropAndResize, x < 0 || x > Double(axis.input - 1) { return [] }
      return taps(at: x, axis)
    }
  }

  /// Where a cell of the result lies in the input.
  private func position(of cell: Int, _ axis: Axis) -> Double {
    // Halfway between two cells rounding decides which is nearest, and it is single precision's that
    // onnxruntime goes by, unless a cell is divided by the ratio of two sizes.
    let isSingle =
      mode == .nearest
      && (coordinates != .asymmetric || Double(Float(axis.scale)) == axis.scale)
    return isSingle
      ? Double(place(Float(cell), axis, scale: Float(axis.scale)))
      : place(Double(cell), axis, scale: axis.scale)
  }

  private func place<Number: BinaryFloatingPoint>(
    _ y: Number, _ axis: Axis, scale: Number
  ) -> Number {
    let size = Number(axis.input)
    let length = Number(axis.output)
    switch coordinates {
    case .halfPixel: return (y + 0.5) / scale - 0.5
    case .halfPixelSymmetric:
      // The middles of both lie upon each other, also where the sizes were rounded.
      let offset = size / 2 * (1 - length / (scale * size))
      return offset + (y + 0.5) / scale - 0.5
    case .pytorchHalfPixel: return axis.output == 1 ? 0 : (y + 0.5) / scale - 0.5
    case .alignCorners:
      // By ONNX's reference the length is the one before it was rounded down, where that took anything.
      let whole = scale * size
      let length = abs(whole - length) < 1e-3 ? length : whole
      return length == 1 ? 0 : y * (size - 1) / (length - 1)
    case .asymmetric: return y / scale
    case .tfCropAndResize:
      let (start, end) = (Number(axis.region.lowerBound), Number(axis.region.upperBound))
      let along = length == 1 ? (size - 1) / 2 : y * (size - 1) / (length - 1)
      return start * (size - 1) + (end - start) * along
    }
  }

  private func taps(at x: Double, _ axis: Axis) -> [AxisMap.Tap] {
    if mode == .nearest {
      let nearest = isNearestByScale ? axis.scale < 1 ? .ceil : .floor : nearest
      return [.init(clamped(nearest.cell(x), axis.input))]
    }
    // Where the result is smaller, antialiasing widens the kernel by as much.
    let narrowing = antialiases ? min(1, axis.scale) : 1
    let reach = (mode == .linear ? 1 : 2) / narrowing
    let cells =
      Int(Glibc.floor(x - reach))
      + 1...max(
        Int(Glibc.floor(x - reach)) + 1, Int(Glibc.ceil(x + reach)) - 1)
    var weights = cells.map { (cell: $0, weight: kernel((Double($0) - x) * narrowing)) }
    if excludesOutside { weights.removeAll { !(0..<axis.input).contains($0.cell) } }
    let sum = weights.reduce(0) { $0 + $1.weight }
    let divisor = (antialiases || excludesOutside) && sum != 0 ? sum : 1
    return weights.filter { $0.weight != 0 }.map {
      .init(clamped($0.cell, axis.input), Float($0.weight / divisor))
    }
  }

  /// The weight of a cell at a distance: a triangle, or the cubic of Keys, "Cubic convolution
  /// interpolation for digital image processing" (1981).
  private func kernel(_ distance: Double) -> Double {
    let (d, a) = (abs(distance), cubicCoefficient)
    if mode == .linear { return max(0, 1 - d) }
    if d <= 1 { return ((a + 2) * d - (a + 3)) * d * d + 1 }
    return d < 2 ? ((d - 5) * d + 8) * a * d - 4 * a : 0
  }

  private func clamped(_ cell: Int, _ size: Int) -> Int { min(max(cell, 0), size - 1) }
}
