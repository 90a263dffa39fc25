public import TensorCore

/// The attributes by which ONNX's Conv and pooling operators describe their window: kernel_shape,
/// strides, dilations, pads and auto_pad.
public struct WindowAttributes: Sendable {
  let kernelShape: [Int]?
  let strides: Window.Pair
  let dilations: Window.Pair
  let pads: [Int]
  let autoPad: AutoPad

  enum AutoPad: String {
    case notSet = "NOTSET", upper = "SAME_UPPER", lower = "SAME_LOWER", valid = "VALID"
  }

  /// Reads the attributes.
  /// - Throws: `TensorError` unless they describe a window over two dimensions.
  public init(_ node: NodeReader) throws(TensorError) {
    let operation = node.node.opType
    func pair(_ name: String) throws(TensorError) -> Window.Pair {
      guard let values = try node.ints(name) else { return Window.Pair(1, 1) }
      guard values.count == 2, values.allSatisfy({ (1...1 << 30).contains($0) }) else {
        throw TensorError(
          "\(operation) \(name)", expected: "2 numbers of 1 or more", found: "\(values)")
      }
      return Window.Pair(values[0], values[1])
    }
    strides = try pair("strides")
    dilations = try pair("dilations")
    kernelShape = try node.ints("kernel_shape")
    if let kernelShape,
      kernelShape.count != 2 || !kernelShape.allSatisfy({ (1...1 << 30).contains($0) })
    {
      throw TensorError(
        "\(operation) kernel_shape", expected: "2 numbers of 1 or more", found: "\(kernelShape)")
    }
    pads = try node.ints("pads") ?? [0, 0, 0, 0]
    guard pads.count == 4, pads.allSatisfy({ (0...1 << 30).contains($0) }) else {
      throw TensorError("\(operation) pads", expected: "4 numbers of 0 or more", found: "\(pads)")
    }
    let name = try node.string("auto_pad", default: "NOTSET")
    guard let autoPad = AutoPad(rawValue: name) else {
      throw TensorError(
        "\(operation) auto_pad", expected: "NOTSET, SAME_UPPER, SAME_LOWER or VALID", found: name)
    }
    self.autoPad = autoPad
  }

  /// The window over an input `[N,C,H,W]`, its pads worked out. `kernel` is the weights' own size;
  /// nil takes kernel_shape.
  /// - Throws: `TensorError` where there is no kernel size, or two that differ, or no H and W.
  public func window(
    kernel: Window.Pair?, over input: Shape, in operation: String = "Conv"
  ) throws(TensorError) -> Window {
    guard input.rank == 4 else {
      throw TensorError(operation, expected: "an input of shape [N,C,H,W]", found: "\(input)")
    }
    let declared = kernelShape.map { Window.Pair($0[0], $0[1]) }
    guard let kernel = kernel ?? declared, kernel.h > 0, kernel.w > 0,
      declared == nil || declared == kernel
    else {
      throw TensorError(
        operation, expected: "kernel_shape \(kernelShape ?? [])",
        found: kernel.map { "[\($0.h), \($0.w)]" } ?? "none")
    }
    var window = Window(kernel: kernel, stride: strides, dilation: dilations)
    switch autoPad {
    case .valid: break
    case .notSet:
      window.padBefore = Window.Pair(pads[0], pads[1])
      window.padAfter = Window.Pair(pads[2], pads[3])
    case .upper, .lower:
      let h = same(input[2], window.reach.h, strides.h)
      let w = same(input[3], window.reach.w, strides.w)
      window.padBefore = Window.Pair(h.before, w.before)
      window.padAfter = Window.Pair(h.after, w.after)
    }
    return window
  }

  /// Pads that make the output ⌈size/stride⌉: half on either side, the odd one after (SAME_UPPER) or
  /// before (SAME_LOWER).
  private func same(_ size: Int, _ reach: Int, _ stride: Int) -> (before: Int, after: Int) {
    let outputs = (size + stride - 1) / stride
    let total = max(0, (outputs - 1) * stride + reach - size)
    return autoPad == .upper ? (total / 2, total - total / 2) : (total - total / 2, total / 2)
  }
}
