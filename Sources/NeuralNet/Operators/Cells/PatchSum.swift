public import TensorCore

/// One cell of a convolution: Σ over the channels that feed it of patch × kernel, + bias.
public struct PatchSum: Equatable, Sendable {
  /// One product of the sum.
  public struct Tap: Equatable, Sendable {
    /// The row of the input's cell; outside of the input where the tap meets padding.
    public let row: Int
    /// The column of the input's cell; outside of the input where the tap meets padding.
    public let column: Int
    /// The input's cell; nil in the padding, which counts as 0.
    public let value: Float?
    /// The kernel's number.
    public let weight: Float
    /// The two multiplied.
    public let product: Double
  }

  /// What one channel of the input brings.
  public struct Channel: Equatable, Sendable {
    /// The channel of the input; of a volume, channel × slices + slice.
    public let index: Int
    /// The products, row by row of the kernel; empty beyond `CellArithmetic.mostListed`.
    public let taps: [Tap]
    /// The sum of all products, listed or not.
    public let sum: Double
  }

  /// The name of the value that is convolved.
  public let input: String
  /// The kernel's size, strides, dilations and pads, worked out; one row for `[N,C,L]`.
  public let window: Window
  /// Groups of channels; the cell is fed by its own group alone.
  public let groups: Int
  /// The channels that feed the cell, in order.
  public let channels: [Channel]
  /// The bias; nil where there is none.
  public let bias: Double?
  /// Σ of the products.
  public let sum: Double
  /// The sum of the sizes of everything added.
  public let magnitude: Double

  /// What the cell is.
  public var total: Double { sum + (bias ?? 0) }
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
      let isListed = listed + taps <= CellArithmetic.mostListed
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
