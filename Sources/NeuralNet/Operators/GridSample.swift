import Glibc
import Masks
public import TensorCore

/// X `[N,C,…]` read at places of a grid `[N,…,D]`, D being X's dimensions after the second and the last one of
/// a place standing first, from −1 to 1 from border to border: nearest, linear or cubic (Keys 1981).
/// Jaderberg et al. 2015 (arXiv:1506.02025).
public struct GridSample: Operator {
  public static let opType = "GridSample"
  public static let schema = OperatorSchema(
    since: 16,
    attributes: [
      .flag("align_corners", since: 16),
      .string("mode", since: 16),
      .string("padding_mode", since: 16, of: ["zeros", "border", "reflection"]),
    ],
    inputs: [.init([16: .firstTypes, 22: .all]), .init([16: .floats, 22: [.floats, .bfloat16]])])
  private let rule: GridRule

  public init(_ node: NodeReader) throws(TensorError) { rule = try GridRule(node) }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (x, grid) = (try inputs.tensor(0), try inputs.tensor(1))
    guard x.rank > 2, grid.rank == x.rank, grid[0] == x[0], grid[x.rank - 1] == x.rank - 2,
      x.dims.dropFirst(2).allSatisfy({ $0 > 0 }), x.rank <= 8
    else {
      throw TensorError(
        "GridSample", expected: "[N,C,…] and a grid [N,…,D] of its rank", found: "\(x) and \(grid)")
    }
    let dims = [x[0], x[1]] + grid.dims.dropFirst().dropLast()
    return [ValueInfo(try Shape(computed: dims, in: "GridSample"))]
  }

  /// Samples and channels stay; cells are those of the grid.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    let rank = inputs.optional(0)?.shape.rank ?? 0
    guard rank > 2 else { return .unknown(outputs) }
    let cells = (1..<rank - 1).map { AxisRule.Origin.axes([.init(1, $0)]) }
    return AxisRule(
      reads: [0: [.sample, .channel] + (2..<rank).map { _ in nil }],
      outputs: [[.axes([.init(0, 0), .init(1, 0)]), .axes([.init(0, 1)])] + cells])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let shape = try outputs(for: inputs.described)[0].shape
    let (x, grid) = (try inputs.tensor(0), try inputs.tensor(1))
    let sizes = Array(x.shape.dims.dropFirst(2))
    let (cells, each) = (sizes.reduce(1, *), shape.dims.dropFirst(2).reduce(1, *))
    var y = Tensor(shape, repeating: 0)
    for place in 0..<shape[0] * each {
      let taps = rule.taps(at: place, of: grid, sizes)
      for channel in 0..<shape[1] {
        let map = (place / each * shape[1] + channel)
        var sum = 0.0
        for tap in taps { sum += tap.weight * Double(x[map * cells + tap.cell]) }
        y[map * each + place % each] = Float(sum)
      }
    }
    return [.float32(y)]
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    let rank = inputs.optional(0)?.shape.rank ?? 2
    return outputs[0].shape.count.saturatingMultiplied(by: 1 << (2 * max(0, min(rank, 8) - 2)))
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(1) else { return pass.none }
    var all = pass.none
    let (x, grid) = (try pass.inputs.tensor(0), try pass.inputs.tensor(1))
    let wanted = (pass.wants(0), pass.wants(1))
    let shape = try pass.output(0).shape
    let sizes = Array(x.shape.dims.dropFirst(2))
    let (cells, each) = (sizes.reduce(1, *), shape.dims.dropFirst(2).reduce(1, *))
    let g = try pass.takeGradient()
    var (byX, byGrid) = (Tensor(x.shape, repeating: 0), Tensor(grid.shape, repeating: 0))
    for place in 0..<shape[0] * each {
      for tap in rule.taps(at: place, of: grid, sizes) {
        for channel in 0..<shape[1] {
          let map = (place / each * shape[1] + channel)
          let own = g[map * each + place % each]
          byX[map * cells + tap.cell] += Float(tap.weight) * own
          let value = Double(x[map * cells + tap.cell]) * Double(own)
          for (axis, slope) in tap.slopes.enumerated() {
            byGrid[(place + 1) * sizes.count - 1 - axis] += Float(slope * value)
          }
        }
      }
    }
    if wanted.0 { all[0] = byX }
    if wanted.1 { all[1] = byGrid }
    return all
  }
}

/// Which cells a place of a grid is made of.
private struct GridRule: Sendable {
  private enum Mode {
    case nearest, linear, cubic
  }
  private enum Padding: String {
    case zeros, border, reflection
  }
  private let mode: Mode
  private let padding: Padding
  private let alignsCorners: Bool

  init(_ node: NodeReader) throws(TensorError) {
    let word = try node.string("mode", default: "linear")
    let words: [String: Mode] = [
      "nearest": .nearest, "linear": .linear, "bilinear": .linear, "cubic": .cubic,
      "bicubic": .cubic,
    ]
    let edge = try node.string("padding_mode", default: "zeros")
    guard let mode = words[word], let padding = Padding(rawValue: edge) else {
      throw TensorError(
        "GridSample", expected: "nearest, linear or cubic with zeros, border or reflection",
        found: "\(word) with \(edge)")
    }
    (self.mode, self.padding) = (mode, padding)
    alignsCorners = try node.int("align_corners", default: 0) != 0
  }

  /// A cell by its offset in a map, its weight, and how that changes with each coordinate of the grid, in the
  /// order of the dimensions.
  struct Tap {
    var cell: Int
    var weight: Double
    var slopes: [Double]
  }

  func taps(at place: Int, of grid: Tensor, _ sizes: [Int]) -> [Tap] {
    var taps = [Tap(cell: 0, weight: 1, slopes: [])]
    for (axis, size) in sizes.enumerated() {
      let coordinate = grid[(place + 1) * sizes.count - 1 - axis]
      let own = along(coordinate, size)
      taps = taps.flatMap { tap in
        own.map { next in
          Tap(
            cell: tap.cell * size + next.cell, weight: tap.weight * next.weight,
            slopes: tap.slopes.map { $0 * next.weight } + [tap.weight * next.slope])
        }
      }
    }
    return taps
  }

  private func along(
    _ coordinate: Float, _ size: Int
  ) -> [(cell: Int, weight: Double, slope: Double)] {
    let scale = alignsCorners ? Float(size - 1) / 2 : Float(size) / 2
    var x =
      alignsCorners
      ? (coordinate + 1) / 2 * Float(size - 1)
      : ((coordinate + 1) * Float(size) - 1) / 2
    if mode == .nearest { x.round(.toNearestOrEven) }
    guard x.isFinite, abs(x) < 1e9 else { return [] }
    let (low, high): (Float, Float) =
      alignsCorners ? (0, Float(size - 1)) : (-0.5, Float(size) - 0.5)
    var turn: Float = 1
    if x < low || x > high {
      switch padding {
      case .zeros: break
      case .border: (x, turn) = (min(max(x, 0), Float(size - 1)), 0)
      case .reflection: (x, turn) = reflected(x, low, high)
      }
    }
    let first = Int(x.rounded(.down))
    let part = Double(x) - Double(first)
    let slope = Double(scale * turn)
    let taps: [(cell: Int, weight: Double, slope: Double)]
    switch mode {
    case .nearest: taps = [(first, 1, 0)]
    case .linear: taps = [(first, 1 - part, -slope), (first + 1, part, slope)]
    case .cubic:
      taps = (-1...2).map { step in
        let own = GridRule.cubic(part - Double(step))
        return (first + step, own.weight, own.slope * slope)
      }
    }
    return taps.compactMap { tap in
      switch padding {
      case .zeros: return (0..<size).contains(tap.cell) ? tap : nil
      case .border: return (min(max(tap.cell, 0), size - 1), tap.weight, tap.slope)
      case .reflection:
        let x = Float(tap.cell)
        let cell = x < low || x > high ? Int(reflected(x, low, high).x) : tap.cell
        return (min(max(cell, 0), size - 1), tap.weight, tap.slope)
      }
    }
  }

  /// x thrown back at the borders until it lies between them, and whether it then goes the other way.
  private func reflected(_ x: Float, _ low: Float, _ high: Float) -> (x: Float, turn: Float) {
    let range = high - low
    guard range > 0 else { return (low, 0) }
    let beyond = x < low ? low - x : x - high
    let times = (beyond / range).rounded(.down)
    let rest = beyond - times * range
    let isEven = times.truncatingRemainder(dividingBy: 2) == 0
    // Every border turns the way around: once more than it fits in between.
    return (isEven == (x < low) ? low + rest : high - rest, isEven ? -1 : 1)
  }

  /// Keys' cubic with −3/4 at a distance, and its slope.
  private static func cubic(_ distance: Double) -> (weight: Double, slope: Double) {
    let (d, a) = (abs(distance), -0.75)
    let sign: Double = distance < 0 ? -1 : 1
    if d <= 1 {
      return (
        ((a + 2) * d - (a + 3)) * d * d + 1, sign * (3 * (a + 2) * d - 2 * (a + 3)) * d
      )
    }
    guard d < 2 else { return (0, 0) }
    return (((d - 5) * d + 8) * a * d - 4 * a, sign * a * (3 * d * d - 10 * d + 8))
  }
}
