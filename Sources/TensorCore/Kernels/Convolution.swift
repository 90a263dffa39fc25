/// 2-D cross-correlation, the operation deep-learning libraries call convolution.
public struct Convolution: Hashable, Sendable {
  /// Kernel size, strides, dilations and pads.
  public var window: Window
  /// Input and output channels are cut into this many groups that do not see each other.
  public var groups: Int
  /// Whether sums of products that single precision holds come out as they are: Winograd's way would
  /// round on its own.
  public var isExact = false

  /// A convolution with the geometry given.
  public init(window: Window, groups: Int = 1) {
    (self.window, self.groups) = (window, groups)
  }

  /// The shape of the result: `[N,C,H,W]` with weights `[M,C/groups,kH,kW]` → `[N,M,H′,W′]`.
  /// - Throws: `TensorError` where the shapes do not go together.
  public func outputShape(input: Shape, weights: Shape) throws(TensorError) -> Shape {
    guard input.rank == 4 else {
      throw TensorError("Conv", expected: "an input of shape [N,C,H,W]", found: "\(input)")
    }
    guard groups > 0 else {
      throw TensorError("Conv", expected: "1 group or more", found: "\(groups)")
    }
    guard weights.rank == 4, weights[0] % groups == 0, input[1] % groups == 0,
      weights[1] == input[1] / groups, weights[2] == window.kernel.h,
      weights[3] == window.kernel.w, weights.count > 0
    else {
      let channels = groups == 1 ? "\(input[1])" : "\(input[1])/\(groups)"
      throw TensorError(
        "Conv", expected: "weights of shape [M,\(channels),\(window.kernel.h),\(window.kernel.w)]",
        found: "\(weights)")
    }
    let size = try window.outputSize(h: input[2], w: input[3], in: "Conv")
    return try Shape(computed: [input[0], weights[0], size.h, size.w], in: "Conv")
  }

  /// y[n,m,i,j] = bias[m] + Σ x[n,c,i·s+k·d−p,j·s+l·d−p]·w[m,c,k,l]: a matrix product whose right operand
  /// is packed straight from the input, never a whole im2col; where each channel is by itself, directly.
  /// Large convolutions with 3×3 kernels go through Winograd's F(4×4,3×3) instead.
  /// - Parameters:
  ///   - x: `[N,C,H,W]`
  ///   - weights: `[M,C/groups,kH,kW]`
  ///   - bias: `[M]`, or nil for none
  ///   - epilogue: what is done to each result while it is at hand
  ///   - kept: where the weights are kept in the kernels' order, nil where they change from call to call
  /// - Throws: `TensorError` where the shapes do not go together.
  public func forward(
    _ x: Tensor, weights: Tensor, bias: Tensor? = nil, epilogue: Epilogue = Epilogue(),
    kept: KeptWeights? = nil
  ) throws(TensorError) -> Tensor {
    let outShape = try outputShape(input: x.shape, weights: weights.shape)
    if let bias, bias.shape != [outShape[1]] {
      throw TensorError(
        "Conv", expected: "a bias of shape [\(outShape[1])]", found: "\(bias.shape)")
    }
    let plan = ConvolutionPlan(window, groups: groups, input: x.shape, output: outShape)
    let winograd = isExact ? nil : Winograd(self, input: x.shape, output: outShape)
    return Tensor(outShape) { out in
      guard let y = out.baseAddress, out.count > 0 else { return }
      x.withElements { x in
        withElements(of: bias) { bias in
          if let winograd,
            winograd.forward(
              x: x.baseAddress!, weights: weights, kept: kept, bias: bias?.baseAddress,
              epilogue: epilogue, y: y)
          {
            return
          }
          plan.run(
            x: x.baseAddress, weights: weights, kept: kept, bias: bias?.baseAddress,
            epilogue: epilogue, out: y)
        }
      }
    }
  }

  private func withElements<R>(
    of tensor: Tensor?, _ body: (UnsafeBufferPointer<Float>?) -> R
  ) -> R {
    guard let tensor else { return body(nil) }
    return tensor.withElements(body)
  }
}
