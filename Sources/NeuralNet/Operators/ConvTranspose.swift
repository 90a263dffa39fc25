public import Masks
public import TensorCore

/// Transposed convolution: X `[N,C,…]`, W `[C,M/group,…]`, B `[M]` → `[N,M,…]` over one to three
/// dimensions.
public struct ConvTranspose: MapOperator {
  public static let opType = "ConvTranspose"
  public static let schema = OperatorSchema(
    attributes: [
      .string("auto_pad", of: ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"]),
      .ints("dilations", in: 1 ... .max), .int("group", in: 1 ... .max),
      .ints("kernel_shape", in: 1 ... .max), .ints("output_padding", in: 0 ... .max),
      .ints("output_shape", in: 1 ... .max), .ints("pads", in: 0 ... .max),
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
  private let attributes: WindowAttributes
  private let group: Int
  private let outputPadding: [Int]?
  private let outputShape: [Int]?
  private let autoPad: String

  public init(_ node: NodeReader) throws(TensorError) {
    attributes = try WindowAttributes(node)
    group = try node.int("group", default: 1)
    outputPadding = try node.ints("output_padding")
    outputShape = try node.ints("output_shape")
    for sizes in [outputPadding, outputShape] {
      guard let wrong = sizes?.first(where: { !(0...Shape.computedLimit).contains($0) }) else {
        continue
      }
      throw TensorError(
        "ConvTranspose", expected: "sizes from 0 to \(Shape.computedLimit)", found: "\(wrong)")
    }
    autoPad = try node.string("auto_pad", default: "NOTSET")
  }

  private func plan(
    _ x: Shape, _ w: Shape
  ) throws(TensorError) -> (TransposedConvolution, output: Shape) {
    let dimensions = x.rank - 2
    guard (1...3).contains(dimensions), w.rank == x.rank, group > 0, w[0] == x[1],
      x[1] % group == 0, w.count > 0
    else {
      throw TensorError(
        "ConvTranspose",
        expected: "weights [C,M/group,…] for an input [N,C,…] of 1 to 3 dimensions",
        found: "\(w) and \(x)")
    }
    guard w[1] <= Shape.computedLimit / max(1, group) else {
      throw TensorError(
        "ConvTranspose", expected: "at most \(Shape.computedLimit) channels", found: "\(w)")
    }
    let sizes = Array(w.dims.dropFirst(2))
    let axes = try attributes.axes(kernel: sizes, over: x, in: "ConvTranspose")
    for list in [outputPadding, outputShape] where list != nil && list?.count != dimensions {
      throw TensorError(
        "ConvTranspose", expected: "\(dimensions) numbers", found: "\(list ?? [])")
    }
    var made: [TransposedConvolution.Axis] = []
    for (index, axis) in axes.enumerated() {
      made.append(try self.axis(axis, index, input: x[2 + index]))
    }
    let dims = [x[0], w[1] * group] + made.map(\.size)
    let plan = TransposedConvolution(
      samples: x[0], channels: x[1], outChannels: w[1] * group, groups: group, axes: made)
    return (plan, try Shape(computed: dims, in: "ConvTranspose"))
  }

  /// One dimension: its output is all that the kernels reach, less the pads, or what is asked for.
  private func axis(
    _ axis: WindowAttributes.Axis, _ index: Int, input: Int
  ) throws(TensorError) -> TransposedConvolution.Axis {
    let reach = axis.dilation * (axis.kernel - 1) + 1
    let (full, overflow) = max(0, input - 1).multipliedReportingOverflow(by: axis.stride)
    let all = full + reach + (outputPadding?[index] ?? 0)
    var (before, output) = (axis.before, all - axis.before - axis.after)
    let isSame = autoPad == "SAME_UPPER" || autoPad == "SAME_LOWER"
    if let wanted = outputShape?[index] ?? (isSame ? input * axis.stride : nil) {
      let total = max(0, all - wanted)
      before = autoPad == "SAME_UPPER" ? total / 2 : total - total / 2
      output = wanted
    }
    guard !overflow, output >= 0, output <= Shape.computedLimit else {
      throw TensorError(
        "ConvTranspose", expected: "an output of 0 cells or more", found: "\(output)")
    }
    return TransposedConvolution.Axis(
      input: input, output: output, kernel: axis.kernel, stride: axis.stride,
      dilation: axis.dilation, before: before)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let output = try plan(try inputs.tensor(0), try inputs.tensor(1)).output
    if inputs.optional(2) != nil, try inputs.tensor(2) != [output[1]] {
      throw TensorError(
        "ConvTranspose", expected: "a bias of shape [\(output[1])]",
        found: "\(try inputs.tensor(2))")
    }
    return [ValueInfo(output)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    let (x, w) = (try inputs.tensor(0), try inputs.tensor(1))
    let (plan, output) = try plan(x.shape, w.shape)
    return [
      .float32(
        plan.forward(x, weights: w, bias: try inputs.optionalTensor(2), shape: output))
    ]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    let (x, w) = (try pass.inputs.tensor(0), try pass.inputs.tensor(1))
    let plan = try plan(x.shape, w.shape).0
    let g = try pass.takeGradient()
    var all = pass.none
    if pass.wants(0) { all[0] = plan.inputGradient(g, weights: w, shape: x.shape) }
    if pass.wants(1) { all[1] = plan.weightGradient(g, x: x, shape: w.shape) }
    if pass.wants(2) {
      let axes = g.shape.dims.indices.filter { $0 != 1 }
      all[2] = try Reduction.sum(g, over: axes, keepingDims: false)
    }
    return all
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let x = inputs.optional(0)?.shape, let w = inputs.optional(1)?.shape, w.count > 0 else {
      return 0
    }
    return x.count.saturatingMultiplied(by: w.count / w[0])
  }
}

extension ConvTranspose: TrainableOperator {
  public var parameterInputs: [(input: Int, unitAxis: Int?)] { [(1, 1), (2, nil)] }
}
