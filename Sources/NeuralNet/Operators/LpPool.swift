import Glibc
import Masks
public import TensorCore

/// The p-norm of each window, (Σ|x|ᵖ)^(1/p), `[N,C,H,W]` → `[N,C,H′,W′]`, and likewise with fewer or more
/// dimensions.
public struct LpPool: MapOperator {
  public static let opType = "LpPool"
  public static let schema = OperatorSchema(
    attributes: [
      .string("auto_pad", of: ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"]),
      .flag("ceil_mode", since: 18), .ints("dilations", since: 18, in: 1 ... .max),
      .ints("kernel_shape", until: 1, in: 1 ... .max),
      .ints("kernel_shape", since: 2, required: true, in: 1 ... .max),
      .float("p", until: 1, in: 0 ... .infinity), .int("p", since: 2, in: 1 ... .max),
      .ints("pads", in: 0 ... .max), .ints("strides", in: 1 ... .max),
    ], inputs: [.init([1: .floats, 22: [.floats, .bfloat16]])])
  public static let role = OperatorRole.pool
  let attributes: PoolAttributes
  let p: Float

  public init(_ node: NodeReader) throws(TensorError) {
    attributes = try PoolAttributes(node)
    // A number of any size in opset 1, a whole one since.
    p = node.opset < 2 ? try node.float("p", default: 2) : Float(try node.int("p", default: 2))
    guard p > 0 else { throw TensorError("LpPool p", expected: "more than 0", found: "\(p)") }
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try attributes.outputShape(try inputs.tensor(0)))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let made = try sums(try inputs.tensor(0))
    let p = p
    var y = made[made.count - 1]
    y.changeChunks { y in
      for i in y.indices { y[i] = p == 2 ? y[i].squareRoot() : powf(y[i], 1 / p) }
    }
    return [.float32(y)]
  }

  /// Σ|x|ᵖ of each window, step by step.
  private func sums(_ x: Tensor) throws(TensorError) -> [Tensor] {
    let p = p
    let powers = x.mapChunks { x, y in
      for i in x.indices { y[i] = p == 2 ? x[i] * x[i] : powf(abs(x[i]), p) }
    }
    return try attributes.run(powers) { pooling, x throws(TensorError) in
      try pooling.sum(x, in: "LpPool")
    }
  }

  /// g·y^(1−p)·|x|^(p−1)·sign(x), summed over the windows that x is in.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let (x, y, p) = (try pass.inputs.tensor(0), try pass.output(0), p)
    var g = try pass.takeGradient()
    g.changeChunks(reading: y) { g, y in
      for i in g.indices { g[i] = y[i] == 0 ? 0 : g[i] * powf(y[i], 1 - p) }
    }
    var gradient = try attributes.runBack(g, through: try sums(x)) {
      pooling, g, x, _ throws(TensorError) in
      try pooling.sumGradient(g, input: x.shape, in: "LpPool")
    }
    gradient.changeChunks(reading: x) { g, x in
      for i in g.indices {
        let slope = powf(abs(x[i]), p - 1)
        g[i] *= x[i] < 0 ? -slope : x[i] > 0 ? slope : 0
      }
    }
    return pass.only(gradient)
  }
}
