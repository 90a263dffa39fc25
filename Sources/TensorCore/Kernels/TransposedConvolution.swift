/// Transposed convolution over up to three dimensions: each input cell spreads a kernel over the output.
/// It is the gradient of a convolution by its input.
public struct TransposedConvolution: Sendable {
  /// One dimension.
  public struct Axis: Hashable, Sendable {
    let (input, output, kernel): (Int, Int, Int)
    let (stride, dilation, before): (Int, Int, Int)

    /// A dimension of `input` cells that become `output`; `before` of them are cut off in front.
    public init(input: Int, output: Int, kernel: Int, stride: Int, dilation: Int, before: Int) {
      (self.input, self.output, self.kernel) = (input, output, kernel)
      (self.stride, self.dilation, self.before) = (stride, dilation, before)
    }

    /// The cells of the output.
    public var size: Int { output }

    static let single = Axis(input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0)

    /// The input cells whose `tap` lands inside the output.
    func cells(tap: Int) -> Range<Int> {
      let first = tap * dilation - before
      let low = first >= 0 ? 0 : (-first + stride - 1) / stride
      let high = first >= output ? 0 : (output - 1 - first) / stride + 1
      return min(low, input)..<max(min(low, input), min(input, high))
    }

    /// The output cell that `tap` of an input cell lands on.
    func target(_ cell: Int, tap: Int) -> Int { cell * stride + tap * dilation - before }
  }

  private let axes: (Axis, Axis, Axis)
  private let (samples, groups): (Int, Int)
  private let (channels, outChannels): (Int, Int)

  /// A transposed convolution of `[N,C,…]` with weights `[C,M/groups,…]`; `axes` are one to three.
  public init(samples: Int, channels: Int, outChannels: Int, groups: Int, axes: [Axis]) {
    precondition((1...3).contains(axes.count), "\(axes.count) dimensions")
    let padded = [Axis](repeating: .single, count: 3 - axes.count) + axes
    self.axes = (padded[0], padded[1], padded[2])
    (self.samples, self.groups) = (samples, groups)
    (self.channels, self.outChannels) = (channels / groups, outChannels / groups)
  }

  private var taps: Int { axes.0.kernel * axes.1.kernel * axes.2.kernel }
  private var cells: Int { axes.0.input * axes.1.input * axes.2.input }
  private var area: Int { axes.0.output * axes.1.output * axes.2.output }
  private var rows: Int { outChannels * taps }

  /// The result, of shape `shape`: `[N,M,…]`.
  public func forward(_ x: Tensor, weights: Tensor, bias: Tensor?, shape: Shape) -> Tensor {
    Tensor(shape) { out in
      guard let to = out.baseAddress, !out.isEmpty else { return }
      let maps = outChannels * groups
      for map in 0..<samples * maps {
        (to + map * area).initialize(repeating: bias?[map % maps] ?? 0, count: area)
      }
      each(x, weights) { task, x, weights, columns in
        MatrixProduct.sgemm(
          m: rows, n: cells, k: channels, a: weights, lda: rows, transposeA: true, b: x, ldb: cells,
          c: columns, ldc: cells)
        let target = to + task * outChannels * area
        walk { m, row, at in target[m * area + at] += columns[row] }
      }
    }
  }

  /// The gradient by x, of shape `shape`, from g, that by the result.
  public func inputGradient(_ g: Tensor, weights: Tensor, shape: Shape) -> Tensor {
    Tensor(shape) { out in
      guard let to = out.baseAddress, !out.isEmpty else { return }
      out.initialize(repeating: 0)
      g.withElements { g in
        each(nil, weights) { task, _, weights, columns in
          gather(g, task, into: columns)
          MatrixProduct.sgemm(
            m: channels, n: cells, k: rows, a: weights, lda: rows, b: columns, ldb: cells,
            c: to + task * channels * cells, ldc: cells)
        }
      }
    }
  }

  /// The gradient by the weights, of shape `shape`, from g, that by the result; samples are added up in
  /// their order.
  public func weightGradient(_ g: Tensor, x: Tensor, shape: Shape) -> Tensor {
    Tensor(shape) { out in
      out.initialize(repeating: 0)
      guard let to = out.baseAddress else { return }
      g.withElements { g in
        each(x, nil) { task, x, _, columns in
          gather(g, task, into: columns)
          MatrixProduct.sgemm(
            m: channels, n: rows, k: cells, a: x, lda: cells, b: columns, ldb: cells,
            transposeB: true, beta: 1, c: to + task % groups * channels * rows, ldc: rows)
        }
      }
    }
  }

  /// Calls `body` for each sample and group with its input, its weights and room for all taps of all
  /// cells.
  private func each(
    _ x: Tensor?, _ weights: Tensor?,
    _ body: (
      Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    let nothing = Tensor([1], [0])
    (x ?? nothing).withElements { input in
      (weights ?? nothing).withElements { kernel in
        guard let input = input.baseAddress, let kernel = kernel.baseAddress else { return }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, rows * cells)) { columns in
          for task in 0..<samples * groups {
            body(
              task, x == nil ? input : input + task * channels * cells,
              weights == nil ? kernel : kernel + task % groups * channels * rows,
              columns.baseAddress!)
          }
        }
      }
    }
  }

  private func gather(
    _ g: UnsafeBufferPointer<Float>, _ task: Int, into columns: UnsafeMutablePointer<Float>
  ) {
    let source = task * outChannels * area
    columns.initialize(repeating: 0, count: rows * cells)
    walk { m, row, at in columns[row] = g[source + m * area + at] }
  }

  /// Every tap of every cell that lands inside the output: its channel, its place among all taps of all
  /// cells, and the cell of the output map.
  @inline(__always)
  private func walk(_ body: (_ channel: Int, _ column: Int, _ target: Int) -> Void) {
    let (a, b, c) = axes
    for m in 0..<outChannels {
      for i in 0..<a.kernel {
        for j in 0..<b.kernel {
          for k in 0..<c.kernel {
            let row = ((m * a.kernel + i) * b.kernel + j) * c.kernel + k
            for d in a.cells(tap: i) {
              for h in b.cells(tap: j) {
                let line = (a.target(d, tap: i) * b.output + b.target(h, tap: j)) * c.output
                let from = row * cells + (d * b.input + h) * c.input
                for w in c.cells(tap: k) { body(m, from + w, line + c.target(w, tap: k)) }
              }
            }
          }
        }
      }
    }
  }
}
