import TensorCore

/// What MaxPool and AveragePool share: a window and what to do with windows that reach beyond it.
struct PoolAttributes: Sendable {
  let window: WindowAttributes
  let ceil: Bool
  private let opType: String

  init(_ node: NodeReader) throws(TensorError) {
    window = try WindowAttributes(node)
    ceil = try node.int("ceil_mode", default: 0) != 0
    opType = node.node.opType
  }

  /// The pooling of an input `[N,C,H,W]` or `[N,C,L]`.
  func pooling(over input: Shape) throws(TensorError) -> Pooling {
    Pooling(window: try window.window(kernel: nil, over: input, in: opType), ceil: ceil)
  }

  /// The result's shape, of the input's rank.
  func outputShape(_ input: Shape) throws(TensorError) -> Shape {
    let planes = try window.planes(of: input, in: opType)
    let output = try pooling(over: input).outputShape(input: planes, in: opType)
    return window.dropping(rowsFrom: output, of: input)
  }
}
