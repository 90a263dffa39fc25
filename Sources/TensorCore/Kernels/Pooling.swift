/// Max and average pooling over rows and columns, `[N,C,H,W]` → `[N,C,H′,W′]`.
public struct Pooling: Hashable, Sendable {
  /// Kernel size, strides, dilations and pads.
  public var window: Window
  /// Whether windows that reach beyond the padded input are kept (ONNX `ceil_mode`).
  public var ceil: Bool
  /// Whether a mean is over the cells of the padding too (ONNX `count_include_pad`); what `ceil` adds
  /// beyond the padding is never counted.
  public var countsPads: Bool

  /// A pooling with the geometry given.
  public init(window: Window, ceil: Bool = false, countsPads: Bool = false) {
    (self.window, self.ceil, self.countsPads) = (window, ceil, countsPads)
  }

  /// The shape of the result: `[N,C,H,W]` → `[N,C,H′,W′]`.
  /// - Throws: `TensorError` where the input has another rank, the kernel does not fit it, or a pad
  ///   is as large as the kernel's reach, so that a window could hold nothing but padding.
  public func outputShape(input: Shape, in operation: String) throws(TensorError) -> Shape {
    guard input.rank == 4 else {
      throw TensorError(operation, expected: "an input of shape [N,C,H,W]", found: "\(input)")
    }
    let (before, after, reach) = (window.padBefore, window.padAfter, window.reach)
    guard before.h < reach.h, after.h < reach.h, before.w < reach.w, after.w < reach.w else {
      throw TensorError(
        operation, expected: "pads smaller than the kernel's reach \(reach.h)×\(reach.w)",
        found: "[\(before.h), \(before.w), \(after.h), \(after.w)]")
    }
    let size = try window.outputSize(h: input[2], w: input[3], ceil: ceil, in: operation)
    return try Shape(computed: [input[0], input[1], size.h, size.w], in: operation)
  }

  /// The largest cell of each window; padding never wins, and a NaN in the window does.
  /// - Throws: `TensorError` where the window does not fit.
  public func max(_ x: Tensor, in operation: String = "MaxPool") throws(TensorError) -> Tensor {
    let plan = PoolPlan(
      window, input: x.shape, output: try outputShape(input: x.shape, in: operation))
    return plan.largest(x)
  }

  /// The gradient by the input x of `max` from the gradient g by its result y: a window's goes to the
  /// first of the cells that are largest, or that are no number where one is.
  /// - Throws: `TensorError` where the window does not fit.
  public func maxGradient(
    _ g: Tensor, x: Tensor, y: Tensor, in operation: String = "MaxPool"
  ) throws(TensorError) -> Tensor {
    let plan = try gradientPlan(g, input: x.shape, in: operation)
    precondition(y.shape == g.shape, "\(y.shape) beside \(g.shape)")
    if plan.isPairs { return plan.spreadToPairs(g, x: x, y: y) }
    return x.withElements { x in
      y.withElements { y in
        nonisolated(unsafe) let (x, y) = (x, y)
        return plan.overMapsBack(g) { g, out, at in
          guard let x = x.baseAddress, let y = y.baseAddress else { return }
          plan.spreadToWinners(g, x: x + at.input, y: y + at.output, into: out)
        }
      }
    }
  }

  /// Where in the whole of x (row-major) the cell lies that wins each window: the first that no later one
  /// `wins` against, −1 where a window holds no cell.
  /// - Throws: `TensorError` where the window does not fit.
  public func winners<Element>(
    _ x: NDArray<Element>, in operation: String = "MaxPool", _ wins: (Element, Element) -> Bool
  ) throws(TensorError) -> NDArray<Int64> {
    let plan = PoolPlan(
      window, input: x.shape, output: try outputShape(input: x.shape, in: operation))
    return plan.winners(x, wins)
  }

  /// The mean of each window, over its cells inside the input or, with `countsPads`, over those inside
  /// the padded input.
  /// - Throws: `TensorError` where the window does not fit.
  public func average(
    _ x: Tensor, in operation: String = "AveragePool"
  ) throws(TensorError) -> Tensor {
    let plan = PoolPlan(
      window, input: x.shape, output: try outputShape(input: x.shape, in: operation))
    let rows = plan.rows.cellCounts(countingPads: countsPads)
    let columns = plan.columns.cellCounts(countingPads: countsPads)
    return plan.means(x, rows: rows, columns: columns)
  }

  /// The sum of each window over its cells inside the input.
  /// - Throws: `TensorError` where the window does not fit.
  public func sum(_ x: Tensor, in operation: String) throws(TensorError) -> Tensor {
    let plan = PoolPlan(
      window, input: x.shape, output: try outputShape(input: x.shape, in: operation))
    return plan.sums(x)
  }

  /// The gradient by the input of `sum`, of shape `input`, from the gradient g by its result.
  /// - Throws: `TensorError` where the window does not fit.
  public func sumGradient(
    _ g: Tensor, input: Shape, in operation: String
  ) throws(TensorError) -> Tensor {
    let plan = try gradientPlan(g, input: input, in: operation)
    let rows = [Float](repeating: 1, count: plan.rows.outputs)
    let columns = [Float](repeating: 1, count: plan.columns.outputs)
    return plan.overMapsBack(g) { g, out, _ in
      plan.spread(g, into: out, rows: rows, columns: columns)
    }
  }

  /// The gradient by the input of `average`, of shape `input`, from the gradient g by its result: an
  /// equal share to each cell of a window.
  /// - Throws: `TensorError` where the window does not fit.
  public func averageGradient(
    _ g: Tensor, input: Shape, in operation: String = "AveragePool"
  ) throws(TensorError) -> Tensor {
    let plan = try gradientPlan(g, input: input, in: operation)
    let rows = plan.rows.cellCounts(countingPads: countsPads)
    let columns = plan.columns.cellCounts(countingPads: countsPads)
    return plan.overMapsBack(g) { g, out, _ in
      plan.spread(g, into: out, rows: rows, columns: columns)
    }
  }

  private func gradientPlan(
    _ g: Tensor, input: Shape, in operation: String
  ) throws(TensorError) -> PoolPlan {
    let output = try outputShape(input: input, in: operation)
    guard g.shape == output else {
      throw TensorError(operation, expected: "a gradient of shape \(output)", found: "\(g.shape)")
    }
    return PoolPlan(window, input: input, output: output)
  }
}
