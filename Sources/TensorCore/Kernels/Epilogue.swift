internal import CKernels

/// A function of one number behind a sum; NaN stays NaN.
public enum Activation: Hashable, Sendable {
  /// Nothing.
  case none
  /// max(y, 0).
  case relu
  /// y held to bounds.
  case clip(Float, Float)
  /// y, or `slope`·y where y is below 0.
  case leakyRelu(slope: Float)
  /// y·max(0, min(1, y/6 + ½)).
  case hardSwish
  /// 1/(1 + e⁻ʸ).
  case sigmoid
  /// y·sigmoid(y).
  case silu
  /// tanh y.
  case tanh
  /// y·½·(1 + erf(y/√2)).
  case gelu
  /// (y·(erf(y/divisor) + 1))·½, as it is written in nodes.
  case erfGelu(divisor: Float)
}

/// What is done to the result of a product or a convolution while it is at hand, with the bits it has where
/// it is done afterwards: scale and shift of its channels by one fused multiply-add, another array added,
/// an activation; in this order.
public struct Epilogue: Sendable {
  /// A number for each column of the result that is added first.
  public var columnBias: Tensor?
  /// y·scale[channel] + shift[channel]; both or neither.
  public var scale: [Float]?
  /// The other half of it.
  public var shift: [Float]?
  /// An array of the result's shape that is added.
  public var residual: Tensor?
  /// The last step.
  public var activation: Activation

  /// An epilogue; by default nothing.
  public init(
    scale: [Float]? = nil, shift: [Float]? = nil, residual: Tensor? = nil,
    activation: Activation = .none
  ) {
    (self.scale, self.shift) = (scale, shift)
    (self.residual, self.activation) = (residual, activation)
  }

  /// Whether it does no more than an activation that Winograd's output knows.
  public var isPlain: Bool {
    scale == nil && residual == nil && columnBias == nil
      && (activation == .none || activation == .relu)
  }

  /// Runs `body` with the kernels' form, whose residual starts at row 0 and has `columns` columns.
  func withKernel<R>(
    rowBias: UnsafePointer<Float>? = nil, columns: Int,
    _ body: (ck_epilogue) -> R
  ) -> R {
    var kernel = activation.kernel
    (kernel.row_bias, kernel.residual_step) = (rowBias, columns)
    return withBase(of: columnBias) { bias in
      withBase(of: scale) { scale in
        withBase(of: shift) { shift in
          withBase(of: residual) { residual in
            (kernel.column_bias, kernel.residual) = (bias, residual)
            (kernel.row_scale, kernel.row_shift) = (scale, shift)
            return body(kernel)
          }
        }
      }
    }
  }

  /// What it makes of an array `[N,C,…]`, with the same bits as behind a product.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    precondition(columnBias == nil, "an array without columns of its own")
    let samples = x.shape.rank == 0 ? 1 : x.shape[0]
    return Tensor(x.shape) { out in
      x.withElements { x in
        guard let from = x.baseAddress, let to = out.baseAddress, x.count > 0 else { return }
        if let channels = scale?.count {
          let rows = samples * channels
          apply(to: from, into: to, rows: rows, channels: channels, columns: x.count / rows)
        } else {
          applyFlat(to: from, into: to, count: x.count)
        }
      }
    }
  }

  /// Where no number belongs to a channel, all is one row, which is cut anywhere.
  private func applyFlat(
    to x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) {
    withKernel(columns: count) { kernel in
      nonisolated(unsafe) let (kernel, x, y) = (kernel, x, y)
      let part = elementwiseChunk / 4
      let threads = count < elementwiseChunk / 2 ? 1 : Parallel.threads
      Parallel.run(tasks: (count + part - 1) / part, threads: threads) { task in
        let first = task * part
        var kernel = kernel
        kernel.residual = kernel.residual.map { $0 + first }
        ck_finish_rows(
          ck_chosen(), &kernel, x + first, min(part, count - first), 1, y + first, 0, 1)
      }
    }
  }

  /// The epilogue alone, with the same bits as behind a product: x has `channels` rows a sample of
  /// `columns` numbers each.
  func apply(
    to x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, rows: Int, channels: Int,
    columns: Int
  ) {
    guard rows > 0, columns > 0 else { return }
    withKernel(columns: columns) { kernel in
      nonisolated(unsafe) let (kernel, x, y) = (kernel, x, y)
      let part = max(1, elementwiseChunk / 4 / columns)
      let threads = rows * columns < elementwiseChunk / 2 ? 1 : Parallel.threads
      Parallel.run(tasks: (rows + part - 1) / part, threads: threads) { task in
        var kernel = kernel
        ck_finish_rows(
          ck_chosen(), &kernel, x, columns, channels, y, task * part,
          min(rows, (task + 1) * part))
      }
    }
  }
}

extension Activation {
  /// An epilogue of the kernels that does this alone.
  var kernel: ck_epilogue {
    var kernel = ck_epilogue()
    switch self {
    case .none: kernel.activation = CK_NONE
    case .relu: kernel.activation = CK_RELU
    case .clip(let low, let high):
      kernel.activation = CK_CLIP
      (kernel.low, kernel.high) = (low, high)
    case .leakyRelu(let slope):
      kernel.activation = CK_LEAKY
      kernel.low = slope
    case .hardSwish: kernel.activation = CK_HARDSWISH
    case .sigmoid: kernel.activation = CK_SIGMOID
    case .silu: kernel.activation = CK_SILU
    case .tanh: kernel.activation = CK_TANH
    case .gelu: kernel.activation = CK_GELU
    case .erfGelu(let divisor):
      kernel.activation = CK_ERF_GELU
      kernel.low = divisor
    }
    return kernel
  }
}

func withBase<R>(of tensor: Tensor?, _ body: (UnsafePointer<Float>?) -> R) -> R {
  guard let tensor else { return body(nil) }
  return tensor.withElements { body($0.baseAddress) }
}

func withBase<R>(of numbers: [Float]?, _ body: (UnsafePointer<Float>?) -> R) -> R {
  guard let numbers else { return body(nil) }
  return numbers.withUnsafeBufferPointer { body($0.baseAddress) }
}
