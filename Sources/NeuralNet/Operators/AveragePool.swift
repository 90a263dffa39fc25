import Masks
public import TensorCore

/// The mean of each window, `[N,C,H,W]` → `[N,C,H′,W′]`, and likewise with fewer or more dimensions;
/// padding is left out of the mean unless `count_include_pad` is 1.
public struct AveragePool: MapOperator {
  public static let opType = "AveragePool"
  public static let schema = OperatorSchema(
    attributes: [
      .string("auto_pad", of: ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"]),
      .flag("ceil_mode", since: 10), .flag("count_include_pad", since: 7),
      .ints("dilations", since: 19, in: 1 ... .max),
      .ints("kernel_shape", required: true, in: 1 ... .max), .ints("pads", in: 0 ... .max),
      .ints("strides", in: 1 ... .max),
    ], inputs: [.init([1: .floats, 22: [.floats, .bfloat16]])])
  public static let role = OperatorRole.pool
  let attributes: PoolAttributes

  public init(_ node: NodeReader) throws(TensorError) {
    attributes = try PoolAttributes(node)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try attributes.outputShape(try inputs.tensor(0)))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let made = try attributes.run(try inputs.tensor(0)) { pooling, x throws(TensorError) in
      try pooling.average(x)
    }
    return [.float32(made[made.count - 1])]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let x = try pass.inputs.tensor(0)
    // A mean's gradient asks for shapes alone; one step needs no other array than its own.
    let made =
      x.shape.rank <= 4
      ? [x, try pass.output(0)]
      : try attributes.run(x) { pooling, x throws(TensorError) in try pooling.average(x) }
    let g = try attributes.runBack(try pass.takeGradient(), through: made) {
      pooling, g, x, _ throws(TensorError) in
      try pooling.averageGradient(g, input: x.shape)
    }
    return pass.only(g)
  }
}

extension AveragePool: CellMaker {
  public func source(
    of offset: Int, _ node: Node, _ inputs: Inputs<Value>
  ) throws(TensorError) -> CellSource {
    try attributes.source(of: offset, node, try inputs.tensor(0)) { window, cell, size, inside in
      guard attributes.countsPads else { return .mean(of: inside) }
      // Padding counts, what ceil_mode adds beyond it does not.
      let rows = PoolWindow.taps(
        window.kernel.h, from: cell.h * window.stride.h - window.padBefore.h,
        by: window.dilation.h, inside: -window.padBefore.h..<size.h + window.padAfter.h)
      let columns = PoolWindow.taps(
        window.kernel.w, from: cell.w * window.stride.w - window.padBefore.w,
        by: window.dilation.w, inside: -window.padBefore.w..<size.w + window.padAfter.w)
      return .mean(of: rows.count * columns.count)
    }
  }
}
