import TensorCore

/// What MaxPool, AveragePool and LpPool share: a window and what to do with windows that reach beyond
/// it.
struct PoolAttributes: Sendable {
  let window: WindowAttributes
  let ceil: Bool
  /// Whether a mean is over the padding too; only AveragePool can ask for it.
  let countsPads: Bool
  private let opType: String

  init(_ node: NodeReader) throws(TensorError) {
    window = try WindowAttributes(node)
    ceil = try node.int("ceil_mode", default: 0) != 0
    countsPads = try node.int("count_include_pad", default: 0) != 0
    opType = node.node.opType
  }

  /// The pooling of an input `[N,C,H,W]` or `[N,C,L]`.
  func pooling(over input: Shape) throws(TensorError) -> Pooling {
    Pooling(
      window: try window.window(kernel: nil, over: input, in: opType), ceil: ceil,
      countsPads: countsPads)
  }

  /// One step of a pooling: over two dimensions of an array.
  struct Pass {
    let pooling: Pooling
    /// The array as it is laid out for it: what lies before the two dimensions are maps.
    let input: Shape
    /// The same for what it makes.
    let output: Shape
  }

  /// The passes over an input `[N,C,…]`: over its last two dimensions, or its only one, then over each
  /// one before them. Sums, means and maxima over a box are those over its sides in turn.
  func passes(
    over input: Shape
  ) throws(TensorError) -> (steps: [Pass], output: Shape) {
    let axes = try window.axes(kernel: nil, over: input, in: opType)
    let single = WindowAttributes.Axis(kernel: 1)
    var dims = input.dims
    var steps: [Pass] = []
    guard dims.dropFirst(2).allSatisfy({ $0 > 0 }) else {
      throw TensorError(opType, expected: "maps of 1 cell or more", found: "\(input)")
    }
    func add(
      _ down: WindowAttributes.Axis, _ across: WindowAttributes.Axis, _ rows: Int, _ columns: Int
    ) throws(TensorError) -> Shape {
      let maps = input.count == 0 ? 0 : dims.reduce(1, *) / (rows * columns)
      let pooling = Pooling(window: Window(down, across), ceil: ceil, countsPads: countsPads)
      let view = try Shape(computed: [1, maps, rows, columns], in: opType)
      let output = try pooling.outputShape(input: view, in: opType)
      steps.append(Pass(pooling: pooling, input: view, output: output))
      return output
    }
    let last = dims.count - 1
    let isRow = axes.count == 1
    let made = try add(
      isRow ? single : axes[axes.count - 2], axes[axes.count - 1], isRow ? 1 : dims[last - 1],
      dims[last])
    dims[last] = made[3]
    if !isRow { dims[last - 1] = made[2] }
    for index in axes.indices.dropLast(2).reversed() {
      let dimension = index + 2
      let behind = dims[(dimension + 1)...].reduce(1, *)
      dims[dimension] = try add(axes[index], single, dims[dimension], behind)[2]
    }
    return (steps, try Shape(computed: dims, in: opType))
  }

  /// The result's shape, of the input's rank.
  func outputShape(_ input: Shape) throws(TensorError) -> Shape {
    try passes(over: input).output
  }

  /// Every step of a pooling, from the input on: the input of each, and the result.
  func run(
    _ x: Tensor, _ pool: (Pooling, Tensor) throws(TensorError) -> Tensor
  ) throws(TensorError) -> [Tensor] {
    let (steps, output) = try passes(over: x.shape)
    var made = [x]
    for step in steps {
      made.append(try pool(step.pooling, try made[made.count - 1].reshaped(to: step.input)))
    }
    made[made.count - 1] = try made[made.count - 1].reshaped(to: output)
    return made
  }

  /// The gradient by the input from g, that by the result, step by step backwards; `pool` gets what a
  /// step read and made beside its gradient.
  func runBack(
    _ g: Tensor, through made: [Tensor],
    _ pool: (Pooling, _ g: Tensor, _ x: Tensor, _ y: Tensor) throws(TensorError) -> Tensor
  ) throws(TensorError) -> Tensor {
    var g = g
    for (index, step) in try passes(over: made[0].shape).steps.enumerated().reversed() {
      g = try pool(
        step.pooling, try g.reshaped(to: step.output), try made[index].reshaped(to: step.input),
        try made[index + 1].reshaped(to: step.output))
    }
    return try g.reshaped(to: made[0].shape)
  }
}

extension PoolAttributes {
  /// The window of one cell of the pooled output.
  func source(
    of offset: Int, _ node: Node, _ x: Tensor,
    rule: (Window, Window.Pair, Window.Pair, Int)
      -> PoolWindow.Rule
  ) throws(TensorError) -> CellSource {
    let planes = try window.planes(of: x.shape, in: node.opType)
    let pooling = try pooling(over: x.shape)
    let layout = try Layout.channelsFirst(
      try pooling.outputShape(input: planes, in: node.opType))
    guard layout.area > 0 else {
      throw TensorError(node.opType, expected: "an output with cells", found: "\(layout)")
    }
    let map = offset / layout.area
    let cell = Window.Pair(offset % layout.area / layout.w, offset % layout.w)
    let size = Window.Pair(planes[2], planes[3])
    return .window(
      PoolWindow(
        node, x, map: map * size.h * size.w, size: size, channel: map % max(1, layout.c),
        over: pooling.window, at: cell
      ) { rule(pooling.window, cell, size, $0) })
  }
}
