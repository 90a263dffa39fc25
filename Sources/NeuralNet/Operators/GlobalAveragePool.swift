import Masks
public import TensorCore

/// The mean of each map: `[N,C,H,W]` → `[N,C,1,1]`, and likewise with fewer or more dimensions.
public struct GlobalAveragePool: Operator {
  public static let opType = "GlobalAveragePool"
  public static let role = OperatorRole.pool
  public init(_ node: NodeReader) {}

  /// The axes of the cells of a map.
  private func axes(_ shape: Shape) throws(TensorError) -> [Int] {
    guard shape.rank >= 3 else {
      throw TensorError(
        "GlobalAveragePool", expected: "an input of shape [N,C,…]", found: "\(shape)")
    }
    return Array(2..<shape.rank)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let shape = try inputs.tensor(0)
    return [ValueInfo(try Reduction.shape(of: shape, over: try axes(shape), keepingDims: true))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try inputs.tensor(0)
    return [.float32(try Reduction.mean(x, over: try axes(x.shape)))]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let shape = try pass.inputs.tensor(0).shape
    var g = try pass.takeGradient()
    let cells = Float(shape.dims.dropFirst(2).reduce(1, *))
    g.changeChunks { g in for i in g.indices { g[i] /= cells } }
    return pass.only(
      g.gathered(try .broadcasting(g.shape, to: shape, in: "GlobalAveragePool")))
  }
}
