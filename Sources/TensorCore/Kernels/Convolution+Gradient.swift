extension Convolution {
  /// The gradient by the input: ∂x[n,c,y,z] = Σ ∂y[n,m,i,j]·w[m,c,k,l] over all taps that met the
  /// cell.
  /// - Parameters:
  ///   - dy: the gradient by the result, `[N,M,H′,W′]`
  ///   - weights: `[M,C/groups,kH,kW]`
  ///   - input: the shape of the input, `[N,C,H,W]`
  /// - Throws: `TensorError` where the shapes do not go together.
  public func inputGradient(
    _ dy: Tensor, weights: Tensor, input: Shape
  ) throws(TensorError) -> Tensor {
    try check(dy, input: input, weights: weights.shape)
    let plan = ConvolutionPlan(window, groups: groups, input: input, output: dy.shape)
    let winograd = Winograd(self, input: input, output: dy.shape)
    return Tensor(input) { dx in
      dy.withElements { dy in
        weights.withElements { weights in
          if let winograd,
            winograd.inputGradient(
              dy: dy.baseAddress!, weights: weights.baseAddress!, dx: dx.baseAddress!)
          {
            return
          }
          plan.inputGradient(dy: dy, weights: weights, dx: dx)
        }
      }
    }
  }

  /// The gradient by the weights: ∂w[m,c,k,l] = Σ ∂y[n,m,i,j]·x[n,c,i·s+k·d−p,j·s+l·d−p] over
  /// samples and cells.
  ///
  /// Added up in parts that follow from the shapes alone, so that the result does not depend on the
  /// number of threads.
  /// - Parameters:
  ///   - dy: the gradient by the result, `[N,M,H′,W′]`
  ///   - x: `[N,C,H,W]`
  ///   - weights: the shape of the weights, `[M,C/groups,kH,kW]`
  /// - Throws: `TensorError` where the shapes do not go together.
  public func weightGradient(
    _ dy: Tensor, x: Tensor, weights: Shape
  ) throws(TensorError) -> Tensor {
    try check(dy, input: x.shape, weights: weights)
    let plan = ConvolutionPlan(window, groups: groups, input: x.shape, output: dy.shape)
    let winograd = Winograd(self, input: x.shape, output: dy.shape)
    return Tensor(weights) { dw in
      dy.withElements { dy in
        x.withElements { x in
          if let winograd,
            winograd.weightGradient(
              dy: dy.baseAddress!, x: x.baseAddress!, dw: dw.baseAddress!)
          {
            return
          }
          plan.weightGradient(dy: dy, x: x, dw: dw)
        }
      }
    }
  }

  /// The gradient by the bias: `[N,M,H′,W′]` → `[M]`, the sum over samples, rows and columns in a
  /// fixed order.
  /// - Throws: `TensorError` where dy has another rank.
  public static func biasGradient(_ dy: Tensor) throws(TensorError) -> Tensor {
    guard dy.shape.rank == 4 else {
      throw TensorError("Conv", expected: "a gradient of shape [N,M,H,W]", found: "\(dy.shape)")
    }
    let (samples, channels, area) = (dy.shape[0], dy.shape[1], dy.shape[2] * dy.shape[3])
    return Tensor([channels]) { out in
      dy.withElements { dy in
        nonisolated(unsafe) let (dy, out) = (dy, out)
        let threads = dy.count < elementwiseChunk ? 1 : Parallel.threads
        Parallel.run(tasks: channels, threads: threads) { channel in
          var sum = 0.0
          for sample in 0..<samples {
            let start = (sample * channels + channel) * area
            sum += Double(total(UnsafeBufferPointer(rebasing: dy[start..<start + area])))
          }
          out[channel] = Float(sum)
        }
      }
    }
  }

  /// The sum of one map: sixteen sums side by side, so that none grows long and the loop is not
  /// bound by the latency of one addition.
  private static func total(_ map: UnsafeBufferPointer<Float>) -> Float {
    var lanes = SIMD16<Float>.zero
    let whole = map.count / 16 * 16
    let bytes = UnsafeRawBufferPointer(map)
    for i in stride(from: 0, to: whole, by: 16) {
      lanes += bytes.loadUnaligned(fromByteOffset: 4 * i, as: SIMD16<Float>.self)
    }
    return map[whole...].reduce(lanes.sum(), +)
  }

  private func check(_ dy: Tensor, input: Shape, weights: Shape) throws(TensorError) {
    let expected = try outputShape(input: input, weights: weights)
    guard dy.shape == expected else {
      throw TensorError("Conv", expected: "a gradient of shape \(expected)", found: "\(dy.shape)")
    }
  }
}
