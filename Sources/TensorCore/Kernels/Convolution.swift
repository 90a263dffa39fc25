/// How a window slides over rows and columns: the geometry that convolution and pooling share.
public struct Window: Hashable, Sendable {
  /// Rows and columns of the kernel.
  public var kernel: Pair
  /// Steps between windows.
  public var stride: Pair
  /// Distances between the kernel's taps.
  public var dilation: Pair
  /// Cells added above and to the left.
  public var padBefore: Pair
  /// Cells added below and to the right.
  public var padAfter: Pair

  /// A size or a distance along rows (`h`) and columns (`w`).
  public struct Pair: Hashable, Sendable {
    /// Along rows.
    public var h: Int
    /// Along columns.
    public var w: Int
    /// A pair of the two.
    public init(_ h: Int, _ w: Int) { (self.h, self.w) = (h, w) }
  }

  /// A window; strides and dilations must be 1 or more, pads 0 or more.
  public init(
    kernel: Pair, stride: Pair = Pair(1, 1), dilation: Pair = Pair(1, 1),
    padBefore: Pair = Pair(0, 0), padAfter: Pair = Pair(0, 0)
  ) {
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.padBefore = padBefore
    self.padAfter = padAfter
  }

  /// The kernel's reach in cells: dilation·(kernel − 1) + 1.
  public var reach: Pair {
    Pair(dilation.h * (kernel.h - 1) + 1, dilation.w * (kernel.w - 1) + 1)
  }

  /// Output rows and columns for an h×w input: ⌊(size + pads − reach) / stride⌋ + 1, or with
  /// `ceil` ⌈…⌉ + 1 without windows that would start beyond the input and its leading pad.
  /// - Throws: `TensorError` where the kernel does not fit the padded input.
  public func outputSize(
    h: Int, w: Int, ceil: Bool = false, in operation: String
  ) throws(TensorError) -> Pair {
    func size(_ size: Int, _ before: Int, _ after: Int, _ reach: Int, _ stride: Int) -> Int? {
      let room = size + before + after - reach
      guard room >= 0 else { return nil }
      guard ceil else { return room / stride + 1 }
      let count = (room + stride - 1) / stride + 1
      return (count - 1) * stride >= size + before ? count - 1 : count
    }
    guard let rows = size(h, padBefore.h, padAfter.h, reach.h, stride.h),
      let columns = size(w, padBefore.w, padAfter.w, reach.w, stride.w)
    else {
      throw TensorError(
        operation, expected: "an input of at least \(reach.h)×\(reach.w) with its padding",
        found: "\(h + padBefore.h + padAfter.h)×\(w + padBefore.w + padAfter.w)")
    }
    return Pair(rows, columns)
  }
}

/// 2-D cross-correlation, the operation deep-learning libraries call convolution.
public struct Convolution: Hashable, Sendable {
  /// Kernel size, strides, dilations and pads.
  public var window: Window
  /// Input and output channels are cut into this many groups that do not see each other.
  public var groups: Int

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
    guard weights.rank == 4, groups > 0, weights[0] % groups == 0,
      weights[1] * groups == input[1], weights[2] == window.kernel.h,
      weights[3] == window.kernel.w, weights.count > 0
    else {
      let channels = groups == 1 ? "\(input[1])" : "\(input[1])/\(groups)"
      throw TensorError(
        "Conv", expected: "weights of shape [M,\(channels),\(window.kernel.h),\(window.kernel.w)]",
        found: "\(weights)")
    }
    let size = try window.outputSize(h: input[2], w: input[3], in: "Conv")
    return try Shape(checking: [input[0], weights[0], size.h, size.w], in: "Conv")
  }

  /// y[n,m,i,j] = bias[m] + Σ x[n,c,i·s+k·d−p,j·s+l·d−p]·w[m,c,k,l]: im2col in tiles of output rows
  /// that stay in cache, then a matrix product a tile; samples, groups and tiles run side by side.
  /// - Parameters:
  ///   - x: `[N,C,H,W]`
  ///   - weights: `[M,C/groups,kH,kW]`
  ///   - bias: `[M]`, or nil for none
  /// - Throws: `TensorError` where the shapes do not go together.
  public func forward(_ x: Tensor, weights: Tensor, bias: Tensor? = nil) throws(TensorError)
    -> Tensor
  {
    let outShape = try outputShape(input: x.shape, weights: weights.shape)
    if let bias, bias.shape != [outShape[1]] {
      throw TensorError(
        "Conv", expected: "a bias of shape [\(outShape[1])]", found: "\(bias.shape)")
    }
    let plan = TilePlan(self, input: x.shape, output: outShape)
    return Tensor(outShape) { out in
      x.withElements { x in
        weights.withElements { weights in
          guard let bias else {
            plan.run(x: x, weights: weights, bias: nil, out: out)
            return
          }
          bias.withElements { plan.run(x: x, weights: weights, bias: $0, out: out) }
        }
      }
    }
  }
}

/// The convolution of one batch cut into tasks: a sample, a group and a run of output rows each.
private struct TilePlan {
  let window: Window
  let groups: Int
  let (channels, height, width): (Int, Int, Int)
  let (samples, outChannels, outHeight, outWidth): (Int, Int, Int, Int)
  let rowsPerTile: Int

  /// Elements of one im2col tile at most: 1 MB, half of a core's second-level cache.
  static let tileElements = 1 << 18

  init(_ convolution: Convolution, input: Shape, output: Shape) {
    window = convolution.window
    groups = convolution.groups
    (channels, height, width) = (input[1] / groups, input[2], input[3])
    (samples, outChannels) = (output[0], output[1] / groups)
    (outHeight, outWidth) = (output[2], output[3])
    let taps = channels * window.kernel.h * window.kernel.w
    rowsPerTile = max(1, min(outHeight, TilePlan.tileElements / max(1, taps * outWidth)))
  }

  var taps: Int { channels * window.kernel.h * window.kernel.w }
  var tiles: Int { (outHeight + rowsPerTile - 1) / max(1, rowsPerTile) }

  /// A 1×1 kernel that visits every cell reads the input as the matrix it already is.
  var isPointwise: Bool {
    window.kernel == .init(1, 1) && window.stride == .init(1, 1)
      && window.padBefore == .init(0, 0) && window.padAfter == .init(0, 0)
  }

  func run(
    x: UnsafeBufferPointer<Float>, weights: UnsafeBufferPointer<Float>,
    bias: UnsafeBufferPointer<Float>?, out: UnsafeMutableBufferPointer<Float>
  ) {
    guard out.count > 0 else { return }
    guard x.count > 0 else {
      // No cell but padding is ever read: the result is the bias alone.
      for i in out.indices {
        out[i] = bias?[i / (outHeight * outWidth) % (outChannels * groups)] ?? 0
      }
      return
    }
    nonisolated(unsafe) let (x, weights) = (x.baseAddress!, weights.baseAddress!)
    nonisolated(unsafe) let (bias, out) = (bias?.baseAddress, out.baseAddress!)
    let small = samples * groups * outChannels * taps * outHeight * outWidth < 1 << 20
    Parallel.run(
      tasks: samples * groups * tiles, threads: small ? 1 : Parallel.processors
    ) { task in
      let (image, tile) = task.quotientAndRemainder(dividingBy: tiles)
      let group = image % groups
      let firstRow = tile * rowsPerTile
      let columns = min(rowsPerTile, outHeight - firstRow) * outWidth
      let xGroup = x + image * channels * height * width
      let target = out + image * outChannels * outHeight * outWidth + firstRow * outWidth
      let ldc = outHeight * outWidth
      if let bias {
        for m in 0..<outChannels {
          (target + m * ldc).update(repeating: bias[group * outChannels + m], count: columns)
        }
      }
      let w = weights + group * outChannels * taps
      let beta: Float = bias == nil ? 0 : 1
      if isPointwise {
        MatrixProduct.sgemm(
          m: outChannels, n: columns, k: taps, a: w, lda: taps,
          b: xGroup + firstRow * outWidth, ldb: height * width, beta: beta, c: target, ldc: ldc)
      } else {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: taps * columns) { patches in
          gather(xGroup, firstRow: firstRow, columns: columns, into: patches.baseAddress!)
          MatrixProduct.sgemm(
            m: outChannels, n: columns, k: taps, a: w, lda: taps,
            b: patches.baseAddress!, ldb: columns, beta: beta, c: target, ldc: ldc)
        }
      }
    }
  }

  /// im2col: row (c,k,l) of the patch matrix holds the cell that tap meets at each output cell.
  private func gather(
    _ x: UnsafePointer<Float>, firstRow: Int, columns: Int,
    into patches: UnsafeMutablePointer<Float>
  ) {
    let rows = columns / outWidth
    var row = patches
    for c in 0..<channels {
      for k in 0..<window.kernel.h {
        for l in 0..<window.kernel.w {
          let left = l * window.dilation.w - window.padBefore.w
          for i in 0..<rows {
            let y = (firstRow + i) * window.stride.h + k * window.dilation.h - window.padBefore.h
            let line = row + i * outWidth
            guard (0..<height).contains(y) else {
              line.update(repeating: 0, count: outWidth)
              continue
            }
            copyLine(x + (c * height + y) * width, left: left, into: line)
          }
          row += columns
        }
      }
    }
  }

  /// Copies the cells left, left + stride, … of one input row, with 0 outside of it.
  private func copyLine(
    _ source: UnsafePointer<Float>, left: Int, into line: UnsafeMutablePointer<Float>
  ) {
    let step = window.stride.w
    let first = min(outWidth, left >= 0 ? 0 : (-left + step - 1) / step)
    let last = min(outWidth, left >= width ? 0 : (width - 1 - left) / step + 1)
    guard first < last else {
      line.update(repeating: 0, count: outWidth)
      return
    }
    line.update(repeating: 0, count: first)
    if step == 1 {
      (line + first).update(from: source + left + first, count: last - first)
    } else {
      for j in first..<last { line[j] = source[left + j * step] }
    }
    (line + last).update(repeating: 0, count: outWidth - last)
  }
}
