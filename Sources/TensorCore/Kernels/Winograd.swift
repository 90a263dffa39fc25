internal import CKernels

#if canImport(Glibc)
  import Glibc
#endif

/// A convolution done by Winograd's F(4×4,3×3): a quarter of the multiplications, for an error of
/// about 10⁻⁶ of the largest result where a plain sum has 10⁻⁷. For 3×3 kernels with stride 1, where
/// there are channels enough to pay for the transforms.
///
/// Every output depends on its own sample alone, and on no number of threads.
struct Winograd {
  private var shape: ck_winograd_shape
  private let set: ck_set

  /// nil where the convolution is of another kind, or so small that a plain one is faster. What
  /// decides are the shapes of one sample, so that it has the same result in every batch.
  init?(_ convolution: Convolution, input: Shape, output: Shape) {
    let window = convolution.window
    guard Winograd.isAllowed, window.kernel == .init(3, 3), window.stride == .init(1, 1),
      window.dilation == .init(1, 1), convolution.groups == 1, input.count > 0, output.count > 0,
      Winograd.pays(channels: input[1], outChannels: output[1], cells: output[2] * output[3])
    else { return nil }
    self.init(unchecked: convolution, input: input, output: output)
  }

  /// Whether convolutions may be done so: not where DROPSCOPE_WINOGRAD is 0.
  private static let isAllowed = getenv("DROPSCOPE_WINOGRAD").map { String(cString: $0) } != "0"

  /// The same whether it pays or not; the convolution must be of the right kind.
  init(
    unchecked convolution: Convolution, input: Shape, output: Shape,
    set: ck_set = ck_chosen()
  ) {
    shape = ck_winograd_shape(
      samples: output[0], in_channels: input[1], in_height: input[2], in_width: input[3],
      out_channels: output[1], out_height: output[2], out_width: output[3],
      pad_top: convolution.window.padBefore.h, pad_left: convolution.window.padBefore.w)
    self.set = set
  }

  /// Measured: with fewer channels the transforms cost more than the products save; with fewer tiles
  /// than this the weights', which are done once a call, do.
  static func pays(channels: Int, outChannels: Int, cells: Int) -> Bool {
    channels >= 8 && outChannels >= 8 && channels * outChannels >= 128
      && cells >= 128 + channels * outChannels / 32
  }

  /// Writes the result; false, and nothing of use in y, where a number is not finite or larger than
  /// 2⁵⁰: it would spread over its tile.
  func forward(
    x: UnsafePointer<Float>, weights: Tensor, kept: KeptWeights?, bias: UnsafePointer<Float>?,
    epilogue: Epilogue, y: UnsafeMutablePointer<Float>
  ) -> Bool {
    let isRelu = epilogue.isPlain && epilogue.activation == .relu
    let transformed = kept?.form(of: weights) {
      weights.withElements { Transformed(self, $0.baseAddress!) }
    }
    let isFine =
      if let transformed {
        run(x: x, transformed: transformed.values, bias: bias, isRelu: isRelu, y: y)
      } else {
        weights.withElements {
          run(x: x, weights: $0.baseAddress!, turned: false, bias: bias, isRelu: isRelu, y: y)
        }
      }
    guard isFine else { return false }
    if !epilogue.isPlain {
      epilogue.apply(
        to: y, into: y, rows: shape.samples * shape.out_channels, channels: shape.out_channels,
        columns: shape.out_height * shape.out_width)
    }
    return true
  }

  /// Transformed weights that are kept.
  private final class Transformed: Sendable {
    nonisolated(unsafe) let values: UnsafeMutablePointer<Float>

    /// Nil where a number is too large.
    init?(_ winograd: Winograd, _ weights: UnsafePointer<Float>) {
      let count = withUnsafePointer(to: winograd.shape) { ck_winograd_weights_count($0) }
      values = UnsafeMutableRawPointer.allocate(
        byteCount: count * MemoryLayout<Float>.stride, alignment: 64
      ).bindMemory(to: Float.self, capacity: count)
      guard winograd.transform(weights, turned: false, into: values) else { return nil }
    }

    deinit { values.deallocate() }
  }

  /// Writes the gradient by the input: the gradient by the result, convolved with the weights turned
  /// by 180° and with input and output channels exchanged. False as in `forward`.
  func inputGradient(
    dy: UnsafePointer<Float>, weights: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>
  ) -> Bool {
    var turned = self
    turned.shape = ck_winograd_shape(
      samples: shape.samples, in_channels: shape.out_channels, in_height: shape.out_height,
      in_width: shape.out_width, out_channels: shape.in_channels, out_height: shape.in_height,
      out_width: shape.in_width, pad_top: 2 - shape.pad_top, pad_left: 2 - shape.pad_left)
    return turned.run(
      x: dy, weights: weights, turned: true, bias: nil, isRelu: false, y: dx)
  }

  /// Writes the gradient by the weights. False as in `forward`.
  func weightGradient(
    dy: UnsafePointer<Float>, x: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>
  ) -> Bool {
    withUnsafePointer(to: shape) { shape in
      let count = ck_winograd_sums_count(shape)
      let parts = max(1, min(blocks, ConvolutionPlan.mostParts(of: count)))
      return Scratch.with(parts * count) { sums in
        nonisolated(unsafe) let (shape, dy, x, dw, sums) = (shape, dy, x, dw, sums)
        let fine = tasks(parts, of: block) { part, tiles in
          let own = sums + part * count
          own.update(repeating: 0, count: count)
          return blockwise(tiles) {
            ck_winograd_gradient(set, shape, x, dy, own, $0.lowerBound, $0.upperBound, $1)
          }
        }
        let channels = shape.pointee.out_channels
        let panel = 8
        Parallel.run(tasks: (channels + panel - 1) / panel, threads: worthwhileThreads) {
          ck_winograd_gradient_weights(
            set, shape, sums, parts, dw, $0 * panel, min(channels, ($0 + 1) * panel))
        }
        return fine
      }
    }
  }

  private func run(
    x: UnsafePointer<Float>, weights: UnsafePointer<Float>, turned: Bool,
    bias: UnsafePointer<Float>?, isRelu: Bool, y: UnsafeMutablePointer<Float>
  ) -> Bool {
    Scratch.returned(withUnsafePointer(to: shape) { ck_winograd_weights_count($0) }) {
      guard transform(weights, turned: turned, into: $0) else { return false }
      return run(x: x, transformed: $0, bias: bias, isRelu: isRelu, y: y)
    }
  }

  private func transform(
    _ weights: UnsafePointer<Float>, turned: Bool, into transformed: UnsafeMutablePointer<Float>
  ) -> Bool {
    withUnsafePointer(to: shape) { shape in
      nonisolated(unsafe) let (shape, weights, transformed) = (shape, weights, transformed)
      let panels = (shape.pointee.out_channels + 15) / 16
      return Parallel.all(tasks: panels, threads: worthwhileThreads) {
        ck_winograd_weights(set, shape, weights, turned ? 1 : 0, transformed, $0, $0 + 1) != 0
      }
    }
  }

  private func run(
    x: UnsafePointer<Float>, transformed: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    isRelu: Bool, y: UnsafeMutablePointer<Float>
  ) -> Bool {
    withUnsafePointer(to: shape) { shape in
      nonisolated(unsafe) let (shape, x, bias, y) = (shape, x, bias, y)
      nonisolated(unsafe) let transformed = transformed
      return tasks(shares, of: Int(CK_WINOGRAD_LOT)) { _, tiles in
        blockwise(tiles) {
          ck_winograd_forward(
            set, shape, x, transformed, bias, isRelu ? 1 : 0, y, $0.lowerBound, $0.upperBound, $1)
        }
      }
    }
  }

  private var tiles: Int { withUnsafePointer(to: shape) { shape.samples * ck_winograd_tiles($0) } }
  private var block: Int { withUnsafePointer(to: shape) { ck_winograd_block($0) } }
  private var blocks: Int { (tiles + block - 1) / block }

  private var worthwhileThreads: Int {
    tiles * shape.in_channels * shape.out_channels < 1 << 16 ? 1 : Parallel.threads
  }

  /// Into how many tasks the tiles are cut where a cut changes no sum: a block each, and as many for each
  /// thread, for a sample has few blocks.
  private var shares: Int {
    let (threads, lot) = (worthwhileThreads, Int(CK_WINOGRAD_LOT))
    return min((min(blocks, 64) + threads - 1) / threads * threads, (tiles + lot - 1) / lot)
  }

  /// Cuts the tiles into `count` runs of whole units.
  private func tasks(
    _ count: Int, of unit: Int, _ body: @Sendable (Int, Range<Int>) -> Bool
  ) -> Bool {
    let tiles = tiles
    let units = (tiles + unit - 1) / unit
    return Parallel.all(tasks: count, threads: worthwhileThreads) { task in
      body(task, units * task / count * unit..<min(tiles, units * (task + 1) / count * unit))
    }
  }

  /// Does one block after another in the same room.
  private func blockwise(
    _ tiles: Range<Int>, _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Int32
  ) -> Bool {
    Scratch.with(withUnsafePointer(to: shape) { ck_winograd_room($0) }) { room in
      for first in stride(from: tiles.lowerBound, to: tiles.upperBound, by: block) {
        guard body(first..<min(tiles.upperBound, first + block), room) != 0 else { return false }
      }
      return true
    }
  }
}
