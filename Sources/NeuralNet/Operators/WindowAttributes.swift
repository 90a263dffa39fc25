public import TensorCore

/// The attributes by which ONNX's Conv and pooling operators describe their window: kernel_shape,
/// strides, dilations, pads and auto_pad; over rows and columns of `[N,C,H,W]`, or over the cells of
/// `[N,C,L]`, which is worked on as `[N,C,1,L]`.
public struct WindowAttributes: Sendable {
  private let kernelShape: [Int]?
  private let strides: [Int]?
  private let dilations: [Int]?
  private let pads: [Int]?
  private let autoPad: AutoPad

  enum AutoPad: String {
    case notSet = "NOTSET", upper = "SAME_UPPER", lower = "SAME_LOWER", valid = "VALID"
  }

  /// Reads the attributes.
  /// - Throws: `TensorError` where one is of another type or out of range.
  public init(_ node: NodeReader) throws(TensorError) {
    let operation = node.node.opType
    func sizes(_ name: String, from least: Int) throws(TensorError) -> [Int]? {
      guard let values = try node.ints(name) else { return nil }
      guard values.allSatisfy({ (least...1 << 30).contains($0) }) else {
        throw TensorError(
          "\(operation) \(name)", expected: "numbers from \(least) to 2^30", found: "\(values)")
      }
      return values
    }
    kernelShape = try sizes("kernel_shape", from: 1)
    strides = try sizes("strides", from: 1)
    dilations = try sizes("dilations", from: 1)
    pads = try sizes("pads", from: 0)
    let name = try node.string("auto_pad", default: "NOTSET")
    guard let autoPad = AutoPad(rawValue: name) else {
      throw TensorError(
        "\(operation) auto_pad", expected: "NOTSET, SAME_UPPER, SAME_LOWER or VALID", found: name)
    }
    self.autoPad = autoPad
  }

  /// One axis of a window, its pads worked out.
  struct Axis: Hashable, Sendable {
    var kernel: Int
    var stride = 1
    var dilation = 1
    var before = 0
    var after = 0

    /// How many windows there are over so many cells.
    /// - Throws: `TensorError` where the kernel does not fit them with their padding.
    func outputs(over size: Int, in operation: String) throws(TensorError) -> Int {
      try Window(self, Axis(kernel: 1)).outputSize(h: size, w: 1, in: operation).h
    }
  }

  /// The axes of the window over an input `[N,C,…]`, one for each dimension from the third on. `kernel`
  /// is the weights' own size; nil takes kernel_shape.
  /// - Throws: `TensorError` where there is no kernel size, or two that differ, or the attributes are
  ///   for another number of dimensions than the input's.
  func axes(
    kernel: [Int]?, over input: Shape, in operation: String
  ) throws(TensorError) -> [Axis] {
    let dimensions = input.rank - 2
    guard dimensions > 0, input.dims.allSatisfy({ $0 <= Shape.computedLimit }) else {
      throw TensorError(
        operation, expected: "an input of shape [N,C,…] with sizes of at most 2^30",
        found: "\(input)")
    }
    func numbers(_ name: String, _ values: [Int]?, _ count: Int) throws(TensorError) -> [Int]? {
      guard let values, values.count != count else { return values }
      throw TensorError(
        "\(operation) \(name)", expected: "\(count) numbers for an input \(input)",
        found: "\(values)")
    }
    let declared = try numbers("kernel_shape", kernelShape, dimensions)
    guard let sizes = kernel ?? declared, sizes.allSatisfy({ $0 > 0 }) else {
      throw TensorError(operation, expected: "a kernel of 1 cell or more", found: "none")
    }
    guard sizes.allSatisfy({ $0 <= 1 << 30 }) else {
      throw TensorError(operation, expected: "a kernel of at most 2^30", found: "\(sizes)")
    }
    guard declared == nil || declared == sizes else {
      throw TensorError(
        operation, expected: "weights of kernel_shape \(kernelShape ?? [])", found: "\(sizes)")
    }
    let (strides, dilations) = (
      try numbers("strides", strides, dimensions), try numbers("dilations", dilations, dimensions)
    )
    let pads = autoPad == .notSet ? try numbers("pads", pads, 2 * dimensions) : nil
    return sizes.indices.map { index in
      var axis = Axis(
        kernel: sizes[index], stride: strides?[index] ?? 1, dilation: dilations?[index] ?? 1)
      if autoPad == .upper || autoPad == .lower {
        let reach = axis.dilation * (axis.kernel - 1) + 1
        (axis.before, axis.after) = same(input[2 + index], reach, axis.stride)
      } else if let pads {
        (axis.before, axis.after) = (pads[index], pads[dimensions + index])
      }
      return axis
    }
  }

  /// The window over an input `[N,C,H,W]` or `[N,C,L]`, its pads worked out. `kernel` is the weights'
  /// own size; nil takes kernel_shape.
  /// - Throws: `TensorError` as `axes` does, and for an input of any other rank.
  public func window(
    kernel: Window.Pair?, over input: Shape, in operation: String = "Conv"
  ) throws(TensorError) -> Window {
    _ = try planes(of: input, in: operation)
    let sizes = kernel.map { input.rank == 3 ? [$0.w] : [$0.h, $0.w] }
    let axes = try axes(kernel: sizes, over: input, in: operation)
    return Window(axes.count == 1 ? Axis(kernel: 1) : axes[0], axes[axes.count - 1])
  }

  /// An input's shape with rows: `[N,C,H,W]` as it is, `[N,C,L]` as `[N,C,1,L]`.
  /// - Throws: `TensorError` for any other rank, and for sizes no program can compute with.
  func planes(of input: Shape, in operation: String) throws(TensorError) -> Shape {
    guard input.rank == 3 || input.rank == 4 else {
      throw TensorError(
        operation, expected: "an input of shape [N,C,H,W] or [N,C,L]", found: "\(input)")
    }
    guard input.dims.allSatisfy({ $0 <= Shape.computedLimit }) else {
      throw TensorError(
        operation, expected: "sizes of at most \(Shape.computedLimit)", found: "\(input)")
    }
    let d = input.dims
    return d.count == 4 ? input : [d[0], d[1], 1, d[2]]
  }

  /// Pads that make the output ⌈size/stride⌉: half on either side, the odd one after (SAME_UPPER) or
  /// before (SAME_LOWER).
  private func same(_ size: Int, _ reach: Int, _ stride: Int) -> (before: Int, after: Int) {
    let outputs = (size + stride - 1) / stride
    let total = max(0, (outputs - 1) * stride + reach - size)
    return autoPad == .upper ? (total / 2, total - total / 2) : (total - total / 2, total / 2)
  }
}

extension Window {
  /// The window of an axis down and one across.
  init(_ down: WindowAttributes.Axis, _ across: WindowAttributes.Axis) {
    self.init(
      kernel: Pair(down.kernel, across.kernel), stride: Pair(down.stride, across.stride),
      dilation: Pair(down.dilation, across.dilation), padBefore: Pair(down.before, across.before),
      padAfter: Pair(down.after, across.after))
  }
}
