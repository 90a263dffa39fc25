import Masks
public import TensorCore

/// Convolution over rows and columns: X `[N,C,H,W]`, W `[M,C/group,kH,kW]`, B `[M]` → `[N,M,H′,W′]`.
public struct Conv: Operator {
  public static let opType = "Conv"
  let attributes: WindowAttributes
  let group: Int

  public init(_ node: NodeReader) throws(TensorError) {
    attributes = try WindowAttributes(node)
    group = try node.int("group", default: 1)
  }

  func convolution(input: Shape, weights: Shape) throws(TensorError) -> Convolution {
    guard weights.rank == 4 else {
      throw TensorError("Conv", expected: "weights of shape [M,C/group,kH,kW]", found: "\(weights)")
    }
    let kernel = Window.Pair(weights[2], weights[3])
    return Convolution(window: try attributes.window(kernel: kernel, over: input), groups: group)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (x, w) = (try inputs.required(0).shape, try inputs.required(1).shape)
    return [ValueInfo(try convolution(input: x, weights: w).outputShape(input: x, weights: w))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let (x, w) = (try inputs.tensor(0), try inputs.tensor(1))
    let convolution = try convolution(input: x.shape, weights: w.shape)
    return [.float32(try convolution.forward(x, weights: w, bias: inputs.optionalTensor(2)))]
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let weights = inputs.optional(1)?.shape, weights.rank == 4 else { return 0 }
    return outputs[0].shape.count * weights[1] * weights[2] * weights[3]
  }
}
