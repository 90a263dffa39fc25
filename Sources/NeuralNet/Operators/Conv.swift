import Masks
public import TensorCore

/// Convolution: X `[N,C,H,W]`, W `[M,C/group,kH,kW]`, B `[M]` → `[N,M,H′,W′]`; or over one dimension,
/// X `[N,C,L]`, W `[M,C/group,k]` → `[N,M,L′]`.
public struct Conv: MapOperator {
  public static let opType = "Conv"
  public static let schema = OperatorSchema(
    attributes: [
      .string("auto_pad", of: ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"]),
      .ints("dilations", in: 1 ... .max), .int("group", in: 1 ... .max),
      .ints("kernel_shape", in: 1 ... .max), .ints("pads", in: 0 ... .max),
      .ints("strides", in: 1 ... .max),
    ],
    inputs: [
      .init([1: .floats, 22: [.floats, .bfloat16]]),
      .init([1: .floats, 22: [.floats, .bfloat16]]),
      .init([1: .floats, 22: [.floats, .bfloat16]], optionalSince: 1),
    ])
  public static let role = OperatorRole.convolution
  public static let weightInput: Int? = 1
  public static let makesChannels = true
  let attributes: WindowAttributes
  let group: Int

  public init(_ node: NodeReader) throws(TensorError) {
    attributes = try WindowAttributes(node)
    group = try node.int("group", default: 1)
  }

  /// The convolution with the shapes of its input and weights as it works on them, with rows.
  func plan(
    _ x: Shape, _ w: Shape
  ) throws(TensorError) -> (convolution: Convolution, x: Shape, w: Shape) {
    let planes = try attributes.planes(of: x, in: "Conv")
    guard w.rank == x.rank else {
      throw TensorError(
        "Conv", expected: "weights of rank \(x.rank) for an input \(x)", found: "\(w)")
    }
    let weights = try attributes.planes(of: w, in: "Conv")
    let kernel = Window.Pair(weights[2], weights[3])
    let window = try attributes.window(kernel: kernel, over: x)
    return (Convolution(window: window, groups: group), planes, weights)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (x, w) = (try inputs.tensor(0), try inputs.tensor(1))
    let (convolution, planes, weights) = try plan(x, w)
    let output = try convolution.outputShape(input: planes, weights: weights)
    if inputs.optional(2) != nil, try inputs.tensor(2) != [output[1]] {
      throw TensorError(
        "Conv", expected: "a bias of shape [\(output[1])]", found: "\(try inputs.tensor(2))")
    }
    return [ValueInfo(attributes.dropping(rowsFrom: output, of: x))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    try forward(inputs, context, Epilogue())
  }

  func forward(
    _ inputs: Inputs<Value>, _ context: RunContext, _ epilogue: Epilogue
  ) throws(TensorError) -> [Value] {
    let (x, w) = (try inputs.tensor(0), try inputs.tensor(1))
    let (convolution, planes, weights) = try plan(x.shape, w.shape)
    let y = try convolution.forward(
      try x.reshaped(to: planes), weights: try w.reshaped(to: weights),
      bias: try inputs.optionalTensor(2), epilogue: epilogue, kept: context.kept)
    return [.float32(try y.reshaped(to: attributes.dropping(rowsFrom: y.shape, of: x.shape)))]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    let (x, w) = (try pass.inputs.tensor(0), try pass.inputs.tensor(1))
    let (convolution, planes, weights) = try plan(x.shape, w.shape)
    let output = try convolution.outputShape(input: planes, weights: weights)
    let dy = try pass.takeGradient().reshaped(to: output)
    var gradients = [Tensor?](repeating: nil, count: pass.inputs.count)
    if pass.wanted.contains(0) {
      gradients[0] = try convolution.inputGradient(
        dy, weights: try w.reshaped(to: weights), input: planes
      ).reshaped(to: x.shape)
    }
    if pass.wanted.contains(1) {
      gradients[1] = try convolution.weightGradient(
        dy, x: try x.reshaped(to: planes), weights: weights
      ).reshaped(to: w.shape)
    }
    if pass.wanted.contains(2), pass.inputs.optional(2) != nil {
      gradients[2] = try Convolution.biasGradient(dy)
    }
    return gradients
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let weights = inputs.optional(1)?.shape, weights.count > 0 else { return 0 }
    return outputs[0].shape.count.saturatingMultiplied(by: weights.count / weights[0])
  }
}

extension Conv: TrainableOperator {
  public var parameterInputs: [(input: Int, unitAxis: Int?)] { [(1, 0), (2, nil)] }
}

extension Conv: ReluFusing {
  static let stages: Set<FusedEpilogue.Stage.Kind> = [.normalization, .residual, .activation]
}
