import Masks
public import TensorCore

/// x divided by the sum of sizes (`p` = 1) or the root of the sum of squares (2) along `axis`; where that is
/// 0, 0.
public struct LpNormalization: AxisKeepingOperator {
  public static let opType = "LpNormalization"
  public static let schema = OperatorSchema(
    attributes: [
      .int("axis"),
      .int("p", in: 1...2),
    ],
    inputs: [.init([1: .floats, 22: [.floats, .bfloat16]])])
  public static let role = OperatorRole.normalization
  private let (axis, p): (Int, Int)

  public init(_ node: NodeReader) throws(TensorError) {
    axis = try node.int("axis", default: -1)
    p = try node.int("p", default: 2)
    guard (1...2).contains(p) else {
      throw TensorError("LpNormalization p", expected: "1 or 2", found: "\(p)")
    }
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.tensor(0)
    _ = try x.axis(axis, in: "LpNormalization")
    return [ValueInfo(x)]
  }

  /// 1 over the norm for each element; 0 where it is 0.
  private func inverses(_ x: Tensor) throws(TensorError) -> Tensor {
    let p = p
    let sums = try Reduction.sum(x, over: [axis]) {
      p == 1 ? Double($0.magnitude) : Double($0) * Double($0)
    }
    return sums.map { $0 == 0 ? 0 : 1 / (p == 1 ? $0 : $0.squareRoot()) }
      .gathered(try .broadcasting(sums.shape, to: x.shape, in: "LpNormalization"))
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    var x = try inputs.tensor(0)
    x.changeChunks(reading: try inverses(x)) { x, inverses in
      for i in x.indices { x[i] *= inverses[i] }
    }
    return [.float32(x)]
  }

  /// A factor for each element.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].bytes
  }

  /// (g − s·Σg·y)/norm with s the sign of x, or y for squares.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let (x, y) = (try pass.inputs.tensor(0), try pass.output(0))
    let inverses = try inverses(x)
    var g = try pass.takeGradient()
    var products = g
    products.changeChunks(reading: y) { g, y in for i in g.indices { g[i] *= y[i] } }
    let sums = try Reduction.sum(products, over: [axis])
    let all = sums.gathered(try .broadcasting(sums.shape, to: x.shape, in: "LpNormalization"))
    for i in 0..<g.count {
      let slope: Float = p == 2 ? y[i] : x[i] > 0 ? 1 : x[i] < 0 ? -1 : 0
      g[i] = (g[i] - slope * all[i]) * inverses[i]
    }
    return pass.only(g)
  }
}
