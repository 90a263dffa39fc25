import Masks
public import TensorCore

/// An operator that makes one number of each map: `[N,C,H,W]` → `[N,C,1,1]`, and likewise with fewer or
/// more dimensions.
public protocol GlobalPoolOperator: MapOperator {
  /// What becomes of the cells along the axes, which stay as sizes of 1.
  static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor
}

extension GlobalPoolOperator {
  public static var role: OperatorRole { .pool }

  /// The axes of the cells of a map.
  private func axes(_ shape: Shape) throws(TensorError) -> [Int] {
    guard shape.rank >= 3 else {
      throw TensorError(Self.opType, expected: "an input of shape [N,C,…]", found: "\(shape)")
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
    return [.float32(try Self.reduce(x, over: try axes(x.shape)))]
  }
}
