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

  /// The window over an input `[N,C,H,W]` or `[N,C,L]`, its pads worked out. `kernel` is the weights'
  /// own size; nil takes kernel_shape.
  /// - Throws: `TensorError` where there is no kernel size, or two that differ, or the attributes
  ///   are for another number of dimensions than the input's.
  public func window(
    kernel: Window.Pair?, over input: Shape, in operation: String = "Conv"
  ) throws(TensorError) -> Window {
    let dimensions = input.rank - 2
    let planes = try planes(of: input, in: operation)
    func pair(_ name: String, _ values: [Int]?) throws(TensorError) -> Window.Pair? {
      guard let values else { return nil }
      guard values.count == dimensions else {
        throw TensorError(
          "\(operation) \(name)", expected: "\(dimensions) numbers for an input \(input)",
          found: "\(values)")
      }
      return dimensions == 1 ? Window.Pair(1, values[0]) : Window.Pair(values[0], values[1])
    }
    let declared = try pair("kernel_shape", kernelShape)
    guard let kernel = kernel ?? declared, kernel.h > 0, kernel.w > 0 else {
      throw TensorError(operation, expected: "a kernel of 1 cell or more", found: "none")
    }
    guard declared == nil || declared == kernel else {
      throw TensorError(
        operation, expected: "weights of kernel_shape \(kernelShape ?? [])",
        found: "\(kernel.h)×\(kernel.w)")
    }
    var window = Window(
      kernel: kernel, stride: try pair("strides", strides) ?? Window.Pair(1, 1),
      dilation: try pair("dilations", dilations) ?? Window.Pair(1, 1))
    switch autoPad {
    case .valid: break
    case .notSet:
      let pads = pads ?? [Int](repeating: 0, count: 2 * dimensions)
      guard pads.count == 2 * dimensions else {
        throw TensorError(
          "\(operation) pads", expected: "\(2 * dimensions) numbers for an input \(input)",
          found: "\(pads)")
      }
      window.padBefore = try pair("pads", Array(pads[..<dimensions])) ?? Window.Pair(0, 0)
      window.padAfter = try pair("pads", Array(pads[dimensions...])) ?? Window.Pair(0, 0)
      if dimensions == 1 { (window.padBefore.h, window.padAfter.h) = (0, 0) }
    case .upper, .lower:
      let h = same(planes[2], window.reach.h, window.stride.h)
      let w = same(planes[3], window.reach.w, window.stride.w)
      window.padBefore = Window.Pair(h.before, w.before)
      window.padAfter = Window.Pair(h.after, w.after)
    }
    return window
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

  /// The shape of a result `[N,C,H,W]` in the rank of the input it was made from.
  func dropping(rowsFrom output: Shape, of input: Shape) -> Shape {
    input.rank == 3 ? [output[0], output[1], output[3]] : output
  }

  /// Pads that make the output ⌈size/stride⌉: half on either side, the odd one after (SAME_UPPER) or
  /// before (SAME_LOWER).
  private func same(_ size: Int, _ reach: Int, _ stride: Int) -> (before: Int, after: Int) {
    let outputs = (size + stride - 1) / stride
    let total = max(0, (outputs - 1) * stride + reach - size)
    return autoPad == .upper ? (total / 2, total - total / 2) : (total - total / 2, total / 2)
  }
}
