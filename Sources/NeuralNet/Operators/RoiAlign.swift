import Masks
public import TensorCore

/// Regions of maps sampled to one size: X `[N,C,H,W]`, regions `[R,4]` as x and y of two corners, and the
/// sample each is of; `[R,C,output_height,output_width]`, of each bin the mean or the largest of points read
/// between cells. He et al. 2017, Mask R-CNN (arXiv:1703.06870).
public struct RoiAlign: Operator {
  public static let opType = "RoiAlign"
  public static let schema = OperatorSchema(
    since: 10,
    attributes: [
      .string(
        "coordinate_transformation_mode", since: 16, of: ["half_pixel", "output_half_pixel"]),
      .string("mode", since: 10, of: ["avg", "max"]), .int("output_height", since: 10),
      .int("output_width", since: 10), .int("sampling_ratio", since: 10),
      .float("spatial_scale", since: 10),
    ],
    inputs: [
      .init([10: .floats, 22: [.floats, .bfloat16]]),
      .init([10: .floats, 22: [.floats, .bfloat16]]),
      .init([.int64]),
    ])
  private let (height, width, ratio): (Int, Int, Int)
  private let scale: Float
  private let (takesLargest, hasHalfPixels): (Bool, Bool)

  public init(_ node: NodeReader) throws(TensorError) {
    height = try node.int("output_height", default: 1)
    width = try node.int("output_width", default: 1)
    ratio = try node.int("sampling_ratio", default: 0)
    scale = try node.float("spatial_scale", default: 1)
    let mode = try node.string("mode", default: "avg")
    let word = try node.string(
      "coordinate_transformation_mode",
      default: node.opset < 16 ? "output_half_pixel" : "half_pixel")
    guard ["avg", "max"].contains(mode), ["half_pixel", "output_half_pixel"].contains(word),
      (0...1 << 16).contains(height), (0...1 << 16).contains(width), (0...1 << 10).contains(ratio)
    else {
      throw TensorError(
        "RoiAlign", expected: "avg or max, half_pixel or output_half_pixel, and sizes of 0 or more",
        found: "\(mode), \(word), \(height)×\(width), \(ratio)")
    }
    (takesLargest, hasHalfPixels) = (mode == "max", word == "half_pixel")
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (x, regions) = (try inputs.tensor(0), try inputs.tensor(1))
    guard x.rank == 4, x[2] > 0, x[3] > 0, regions.rank == 2, regions[1] == 4,
      try inputs.whole(2).dims == [regions[0]]
    else {
      throw TensorError(
        "RoiAlign", expected: "[N,C,H,W], regions [R,4] and a sample for each",
        found: "\(x), \(regions) and \(try inputs.whole(2))")
    }
    return [
      ValueInfo(try Shape(computed: [regions[0], x[1], height, width], in: "RoiAlign"))
    ]
  }

  /// Channels stay; samples are regions.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    AxisRule(
      outputs: [[.axes([.init(1, 0), .init(2, 0)]), .axes([.init(0, 1)]), .unknown, .unknown]])
  }

  /// A cell and its weight.
  private struct Tap {
    var cell: Int
    var weight: Float
  }

  /// The cells between which a point lies; none for one outside.
  private func taps(_ y: Float, _ x: Float, _ h: Int, _ w: Int) -> [Tap] {
    guard y >= -1, x >= -1, y <= Float(h), x <= Float(w) else { return [] }
    func side(_ at: Float, _ size: Int) -> (low: Int, high: Int, part: Float) {
      let at = max(0, at)
      let low = Int(at)
      return low >= size - 1 ? (size - 1, size - 1, 0) : (low, low + 1, at - Float(low))
    }
    let (rows, columns) = (side(y, h), side(x, w))
    return [
      Tap(cell: rows.low * w + columns.low, weight: (1 - rows.part) * (1 - columns.part)),
      Tap(cell: rows.low * w + columns.high, weight: (1 - rows.part) * columns.part),
      Tap(cell: rows.high * w + columns.low, weight: rows.part * (1 - columns.part)),
      Tap(cell: rows.high * w + columns.high, weight: rows.part * columns.part),
    ]
  }

  /// The most points a bin may have along a side, however large its region is said to be.
  private static let mostPoints: Float = 4096

  /// The points of a bin, each by its cells.
  private func points(
    _ regions: Tensor, _ region: Int, _ row: Int, _ column: Int, _ h: Int, _ w: Int
  ) -> [[Tap]] {
    let shift: Float = hasHalfPixels ? 0.5 : 0
    let corners = (0..<4).map { regions[region * 4 + $0] * scale - shift }
    var (high, wide) = (corners[3] - corners[1], corners[2] - corners[0])
    if !hasHalfPixels { (high, wide) = (max(high, 1), max(wide, 1)) }
    let (binHigh, binWide) = (high / Float(height), wide / Float(width))
    func count(_ size: Float) -> Int {
      ratio > 0
        ? ratio : size.isNaN ? 0 : Int(min(max(0, size.rounded(.up)), RoiAlign.mostPoints))
    }
    let (rows, columns) = (count(binHigh), count(binWide))
    return (0..<rows).flatMap { i in
      (0..<columns).map { j in
        taps(
          corners[1] + Float(row) * binHigh + (Float(i) + 0.5) * binHigh / Float(rows),
          corners[0] + Float(column) * binWide + (Float(j) + 0.5) * binWide / Float(columns), h, w)
      }
    }
  }

  /// Each bin with its region's sample, its points, and where it stands in a map of the result.
  private func forEachBin(
    _ inputs: Inputs<Value>,
    _ body: (_ sample: Int, _ points: [[Tap]], _ region: Int, _ bin: Int) -> Void
  ) throws(TensorError) {
    let (x, regions) = (try inputs.tensor(0).shape, try inputs.tensor(1))
    let samples = try inputs.integers(2)
    for region in 0..<regions.shape[0] {
      let sample = try inputs.place(samples[region], before: x[0])
      for bin in 0..<height * width {
        body(
          sample, points(regions, region, bin / width, bin % width, x[2], x[3]), region, bin)
      }
    }
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try inputs.tensor(0)
    var y = Tensor(try outputs(for: inputs.described)[0].shape, repeating: 0)
    let (channels, cells) = (x.shape[1], x.shape[2] * x.shape[3])
    try forEachBin(inputs) { sample, points, region, bin in
      for channel in 0..<channels {
        let map = (sample * channels + channel) * cells
        let at = (region * channels + channel) * height * width + bin
        if takesLargest {
          y[at] = points.flatMap { $0 }.map { $0.weight * x[map + $0.cell] }.max() ?? 0
        } else {
          let sum = points.joined().reduce(Float(0)) { $0 + $1.weight * x[map + $1.cell] }
          y[at] = sum / Float(max(1, points.count))
        }
      }
    }
    return [.float32(y)]
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    let x = inputs.optional(0)?.shape ?? []
    let points = ratio > 0 ? 4 * ratio * ratio : x.dims.dropFirst(2).reduce(4, *)
    return outputs[0].shape.count.saturatingMultiplied(by: points)
  }

  /// Where regions lie is taken as given.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let (inputs, x) = (pass.inputs, try pass.inputs.tensor(0))
    let g = try pass.takeGradient()
    var gradient = Tensor(x.shape, repeating: 0)
    let (channels, cells) = (x.shape[1], x.shape[2] * x.shape[3])
    try forEachBin(inputs) { sample, points, region, bin in
      for channel in 0..<channels {
        let map = (sample * channels + channel) * cells
        let own = g[(region * channels + channel) * height * width + bin]
        if takesLargest {
          let taps = points.flatMap { $0 }
          guard
            let top = taps.max(by: { $0.weight * x[map + $0.cell] < $1.weight * x[map + $1.cell] })
          else { continue }
          gradient[map + top.cell] += own * top.weight
        } else {
          for tap in points.joined() {
            gradient[map + tap.cell] += own * tap.weight / Float(max(1, points.count))
          }
        }
      }
    }
    return pass.only(gradient)
  }
}
