public import Masks
public import TensorCore

/// Convolution: X `[N,C,H,W]`, W `[M,C/group,kH,kW]`, B `[M]` → `[N,M,H′,W′]`; likewise over one
/// dimension or over volumes, X `[N,C,…]`, W `[M,C/group,…]` → `[N,M,…]`.
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
  public var parameters: [Target: Int] { [.weights: 1] }
  public static let makesChannels = true
  let attributes: WindowAttributes
  let group: Int

  public init(_ node: NodeReader) throws(TensorError) {
    attributes = try WindowAttributes(node)
    group = try node.int("group", default: 1)
  }

  /// A convolution over maps, and how what it reads and makes is laid out as such.
  struct OverMaps {
    var convolution: Convolution
    let slices: VolumeSlices
    /// The shapes of input, weights and result as maps.
    let input: Shape
    let weights: Shape
    let output: Shape
  }

  /// What is done for an input and weights of such shapes.
  func plan(_ x: Shape, _ w: Shape) throws(TensorError) -> OverMaps {
    guard w.rank == x.rank, x.rank > 2 else {
      throw TensorError(
        "Conv", expected: "an input [N,C,…] and weights of its rank", found: "\(x) and \(w)")
    }
    let axes = try attributes.axes(kernel: Array(w.dims.dropFirst(2)), over: x, in: "Conv")
    let slices = try VolumeSlices(x, axes)
    let (maps, weights) = (try slices.maps, try slices.weights(w))
    let rows = axes.count == 1 ? WindowAttributes.Axis(kernel: 1) : axes[axes.count - 2]
    let convolution = Convolution(window: Window(rows, axes[axes.count - 1]), groups: group)
    return OverMaps(
      convolution: convolution, slices: slices, input: maps, weights: weights,
      output: try convolution.outputShape(input: maps, weights: weights))
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let plan = try plan(try inputs.tensor(0), try inputs.tensor(1))
    if inputs.optional(2) != nil, try inputs.tensor(2) != [plan.output[1]] {
      throw TensorError(
        "Conv", expected: "a bias of shape [\(plan.output[1])]",
        found: "\(try inputs.tensor(2))")
    }
    return [ValueInfo(try plan.slices.result(plan.output))]
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
    let plan = try plan(x.shape, w.shape)
    var epilogue = epilogue
    if let residual = epilogue.residual {
      epilogue.residual = try plan.slices.slices(residual)
    }
    let y = try plan.convolution.forward(
      try plan.slices.unfolded(x), weights: try w.reshaped(to: plan.weights),
      bias: try inputs.optionalTensor(2), epilogue: epilogue, kept: context.kept)
    return [.float32(try plan.slices.volumes(y))]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    let (x, w) = (try pass.inputs.tensor(0), try pass.inputs.tensor(1))
    let plan = try plan(x.shape, w.shape)
    let dy = try plan.slices.slices(try pass.takeGradient())
    var gradients = [Tensor?](repeating: nil, count: pass.inputs.count)
    if pass.wanted.contains(0) {
      gradients[0] = try plan.slices.folded(
        try plan.convolution.inputGradient(
          dy, weights: try w.reshaped(to: plan.weights), input: plan.input))
    }
    if pass.wanted.contains(1) {
      gradients[1] = try plan.convolution.weightGradient(
        dy, x: try plan.slices.unfolded(x), weights: plan.weights
      ).reshaped(to: w.shape)
    }
    if pass.wanted.contains(2), pass.inputs.optional(2) != nil {
      gradients[2] = try Convolution.biasGradient(dy)
    }
    return gradients
  }

  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let x = inputs.optional(0)?.shape, let w = inputs.optional(1)?.shape,
      let plan = try? plan(x, w)
    else { return 0 }
    return plan.slices.scratch(outputs[0].shape)
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
  static let stages: Set<EpilogueStage> = [.normalization, .residual, .activation]
}

extension Conv: CellMaker {
  public func source(
    of offset: Int, _ node: Node, _ inputs: Inputs<Value>
  ) throws(TensorError) -> CellSource {
    let (x, w) = (try inputs.tensor(0), try inputs.tensor(1))
    let plan = try plan(x.shape, w.shape)
    let (planes, weights, output) = (plan.input, plan.weights, plan.output)
    let (window, groups) = (plan.convolution.window, plan.convolution.groups)
    let layout = try Layout.channelsFirst(try plan.slices.result(output))
    guard offset < layout.count else {
      throw TensorError("Conv", expected: "a cell of \(output)", found: "cell \(offset)")
    }
    // Volumes have a map for each slice.
    let (sample, map) = (offset / layout.area).quotientAndRemainder(dividingBy: layout.c)
    let (m, slice) = map.quotientAndRemainder(dividingBy: plan.slices.count)
    let (row, column) = (offset % layout.area / layout.w, offset % layout.w)
    let first = m / (output[1] / groups) * weights[1]
    let top = row * window.stride.h - window.padBefore.h
    let left = column * window.stride.w - window.padBefore.w
    let taps = window.kernel.h * window.kernel.w
    let each = x.count / max(1, x.shape[0])
    var listed = 0
    var channels: [PatchSum.Channel] = []
    var (sum, magnitude) = (0.0, 0.0)
    for c in 0..<weights[1] {
      // A slice of the padding brings nothing.
      guard let source = plan.slices.source(of: first + c, for: slice) else { continue }
      let start = sample * each + source * planes[2] * planes[3]
      let isListed = listed + taps <= PatchSum.mostListed
      var own: [PatchSum.Tap] = []
      var part = 0.0
      for tap in 0..<taps {
        let y = top + tap / window.kernel.w * window.dilation.h
        let z = left + tap % window.kernel.w * window.dilation.w
        let isInside = (0..<planes[2]).contains(y) && (0..<planes[3]).contains(z)
        let value = isInside ? x[start + y * planes[3] + z] : nil
        let weight = w[(m * weights[1] + c) * taps + tap]
        let product = Double(value ?? 0) * Double(weight)
        part += product
        magnitude += abs(product)
        guard isListed else { continue }
        own.append(
          PatchSum.Tap(row: y, column: z, value: value, weight: weight, product: product))
      }
      if isListed { listed += taps }
      sum += part
      channels.append(PatchSum.Channel(index: source, taps: own, sum: part))
    }
    let bias = try inputs.optionalTensor(2).map { Double($0[m]) }
    return .patches(
      PatchSum(
        input: node.inputs.first ?? "", window: window, groups: groups, channels: channels,
        bias: bias, sum: sum, magnitude: magnitude + abs(bias ?? 0)))
  }
}
