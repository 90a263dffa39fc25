import TensorCore

/// How a convolution over volumes is one over maps: each slice of the result is made of the slices of the
/// input that the kernel reaches, which are laid side by side as channels. The weights
/// `[M,C/group,kD,kH,kW]` are `[M,C/group·kD,kH,kW]` as they lie.
///
/// Any number of dimensions may stand before rows and columns; where there is none, or where there is but a
/// row, nothing is moved.
struct VolumeSlices: Sendable {
  /// What lies behind samples and channels in the input: D, H and W.
  private let input: Shape
  /// The window along the dimensions before rows and columns.
  private let axes: [WindowAttributes.Axis]
  /// Slices of the result along each of them.
  private let made: [Int]

  /// The slices of an input `[N,C,…]` under a window with an axis for each dimension from the third on.
  /// - Throws: `TensorError` where the kernel does not fit, or where it would take too many slices.
  init(_ input: Shape, _ axes: [WindowAttributes.Axis]) throws(TensorError) {
    self.input = input
    self.axes = Array(axes.dropLast(2))
    var made: [Int] = []
    for (index, axis) in self.axes.enumerated() {
      made.append(try axis.outputs(over: input[2 + index], in: "Conv"))
    }
    self.made = made
    _ = try maps
    _ = try padded
  }

  /// The slices one kernel reaches.
  private var taps: Int { axes.reduce(1) { $0.saturatingMultiplied(by: $1.kernel) } }
  private var isPadded: Bool { axes.contains { $0.before + $0.after > 0 } }

  /// The input as maps: `[N·D′,C·kD,H,W]`.
  var maps: Shape {
    get throws(TensorError) {
      let (samples, channels) = (input[0], input[1])
      let rows = input.rank == 3 ? 1 : input[input.rank - 2]
      let dims = [
        made.reduce(samples) { $0.saturatingMultiplied(by: $1) },
        channels.saturatingMultiplied(by: taps), rows, input[input.rank - 1],
      ]
      return axes.isEmpty
        ? try Shape(checking: dims, in: "Conv") : try Shape(computed: dims, in: "Conv")
    }
  }

  /// Weights `[M,C/group,…]` for them.
  func weights(_ shape: Shape) throws(TensorError) -> Shape {
    let rows = shape.rank == 3 ? 1 : shape[shape.rank - 2]
    let channels = shape[1].saturatingMultiplied(by: taps)
    return try Shape(checking: [shape[0], channels, rows, shape[shape.rank - 1]], in: "Conv")
  }

  /// The result `[N·D′,M,H′,W′]` as it is in the rank of the input.
  func result(_ maps: Shape) throws(TensorError) -> Shape {
    let cells = input.rank == 3 ? [maps[3]] : [maps[2], maps[3]]
    let own = [input[0], maps[1]] + made
    return try Shape(checking: own + cells, in: "Conv")
  }

  /// The bytes of what is made beside the result: the input with its pads, its slices side by side, and the
  /// result before its channels stand in front again.
  func scratch(_ result: Shape) -> Int {
    guard !axes.isEmpty, let maps = try? maps, let padded = try? padded else { return 0 }
    let own = ValueInfo(maps).bytes.saturatingAdding(ValueInfo(result).bytes)
    return isPadded ? own.saturatingAdding(ValueInfo(padded).bytes) : own
  }

  /// Where in the input, counted in maps of a sample, the slice lies that a kernel reaches with a channel of
  /// `maps` for slice `slice` of the result; nil in the padding.
  func source(of channel: Int, for slice: Int) -> Int? {
    var (tap, slice, step, place) = (channel % taps, slice, 1, 0)
    for index in axes.indices.reversed() {
      let axis = axes[index]
      let cell =
        slice % made[index] * axis.stride - axis.before + tap % axis.kernel * axis.dilation
      guard (0..<input[2 + index]).contains(cell) else { return nil }
      place += cell * step
      (tap, slice) = (tap / axis.kernel, slice / made[index])
      step *= input[2 + index]
    }
    return channel / taps * step + place
  }

  /// How many slices a map of the result has.
  var count: Int { made.reduce(1, *) }

  /// The input's slices side by side.
  func unfolded(_ x: Tensor) throws(TensorError) -> Tensor {
    guard !axes.isEmpty else { return try x.reshaped(to: maps) }
    var padded = x
    if isPadded {
      padded = Tensor(try self.padded, repeating: 0)
      padded.add(x, through: try inside)
    }
    return try padded.gathered(try reached).reshaped(to: maps)
  }

  /// The gradient by the input from that by its slices.
  func folded(_ g: Tensor) throws(TensorError) -> Tensor {
    guard !axes.isEmpty else { return try g.reshaped(to: input) }
    var padded = Tensor(try self.padded, repeating: 0)
    let view = try reached
    padded.add(try g.reshaped(to: view.shape), through: view)
    return isPadded ? padded.gathered(try inside) : padded
  }

  /// A result `[N·D′,M,H′,W′]` in the rank of the input.
  func volumes(_ y: Tensor) throws(TensorError) -> Tensor {
    let shape = try result(y.shape)
    guard !axes.isEmpty else { return try y.reshaped(to: shape) }
    let channels = axes.count + 1
    let order = [0, channels] + Array(1..<channels) + [channels + 1, channels + 2]
    let laidOut = Shape([shape[0]] + made + [shape[1]] + shape.dims.suffix(2))
    return try y.reshaped(to: laidOut).gathered(.transposing(laidOut, order: order))
  }

  /// The same backwards.
  func slices(_ y: Tensor) throws(TensorError) -> Tensor {
    let (samples, channels, columns) = (y.shape[0], y.shape[1], y.shape[y.shape.rank - 1])
    let rows = input.rank == 3 ? 1 : y.shape[y.shape.rank - 2]
    let shape: Shape = [samples * count, channels, rows, columns]
    guard !axes.isEmpty else { return try y.reshaped(to: shape) }
    let order = [0] + Array(2..<axes.count + 2) + [1, axes.count + 2, axes.count + 3]
    return try y.gathered(.transposing(y.shape, order: order)).reshaped(to: shape)
  }

  /// The input with its pads along the dimensions before rows and columns.
  private var padded: Shape {
    get throws(TensorError) {
      var dims = input.dims
      for (index, axis) in axes.enumerated() { dims[2 + index] += axis.before + axis.after }
      return axes.isEmpty ? input : try Shape(computed: dims, in: "Conv")
    }
  }

  /// The input within it.
  private var inside: StridedView {
    get throws(TensorError) {
      let strides = try padded.strides
      let offset = axes.indices.reduce(0) { $0 + axes[$1].before * strides[2 + $1] }
      return StridedView(input, offset: offset, strides: strides)
    }
  }

  /// The slices of what is padded that the kernels reach: `[N,D′,C,kD,H,W]`.
  private var reached: StridedView {
    get throws(TensorError) {
      let strides = try padded.strides
      var (dims, steps) = ([input[0]] + made, [strides[0]])
      for (index, axis) in axes.enumerated() { steps.append(strides[2 + index] * axis.stride) }
      dims += [input[1]] + axes.map(\.kernel)
      steps.append(strides[1])
      for (index, axis) in axes.enumerated() { steps.append(strides[2 + index] * axis.dilation) }
      return StridedView(
        Shape(dims + input.dims.suffix(2)), strides: steps + Array(strides.suffix(2)))
    }
  }
}
