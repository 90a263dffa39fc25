extension Pooling {
  /// Any function of the cells of each window inside the input, `[N,C,H,W]` → `[N,C,H′,W′]`. For
  /// functions that need all cells of a window at once; `max` and `average` are much faster.
  /// - Throws: `TensorError` where the window does not fit.
  public func overWindows(
    _ x: Tensor, in operation: String, _ body: ([Float]) -> Float
  ) throws(TensorError) -> Tensor {
    let shape = try outputShape(input: x.shape, in: operation)
    let plan = PoolPlan(window, input: x.shape, output: shape)
    let (h, w) = (x.shape[2], x.shape[3])
    return x.withElements { x in
      Tensor(shape) { out in
        var (cells, index) = ([Float](), 0)
        for map in 0..<shape[0] * shape[1] {
          for i in 0..<shape[2] {
            for j in 0..<shape[3] {
              cells.removeAll(keepingCapacity: true)
              for k in plan.rows.taps(output: i, inside: 0..<h) {
                let y = i * plan.rows.stride + plan.rows.first(tap: k)
                for l in plan.columns.taps(output: j, inside: 0..<w) {
                  let column = j * plan.columns.stride + plan.columns.first(tap: l)
                  cells.append(x[(map * h + y) * w + column])
                }
              }
              out[index] = body(cells)
              index += 1
            }
          }
        }
      }
    }
  }
}
