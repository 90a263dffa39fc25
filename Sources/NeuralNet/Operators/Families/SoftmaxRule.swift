import TensorCore

/// The axis of Softmax and LogSoftmax. Before opset 13 the dimensions from `axis` on (default 1) are
/// taken as one; since, it is that one dimension (default the last).
/// https://onnx.ai/onnx/operators/onnx__Softmax.html
struct SoftmaxRule: Sendable {
  private let axis: Int
  private let takesRest: Bool

  init(_ node: NodeReader) throws(TensorError) {
    takesRest = node.opset < 13
    axis = try node.int("axis", default: takesRest ? 1 : -1)
  }

  func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let shape = try inputs.tensor(0)
    _ = try rows(of: shape, in: inputs.opType)
    return [ValueInfo(shape)]
  }

  func forward(
    _ inputs: Inputs<Value>, _ softmax: (Tensor, Int) -> Tensor
  ) throws(TensorError) -> [Value] {
    let x = try inputs.tensor(0)
    let (view, axis) = try rows(of: x.shape, in: inputs.opType)
    return [.float32(try softmax(try x.reshaped(to: view), axis).reshaped(to: x.shape))]
  }

  func backward(
    _ pass: consuming BackwardPass, _ change: (inout Tensor, Tensor, Int) -> Void
  ) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let y = try pass.output(0)
    let (view, axis) = try rows(of: y.shape, in: pass.inputs.opType)
    var g = try pass.takeGradient().reshaped(to: view)
    change(&g, try y.reshaped(to: view), axis)
    return pass.only(try g.reshaped(to: y.shape))
  }

  /// The input as an array with one axis to work along.
  private func rows(
    of shape: Shape, in operation: String
  ) throws(TensorError) -> (view: Shape, axis: Int) {
    // A number by itself is a row of one.
    if shape.rank == 0, (-1...0).contains(axis) { return ([1], 0) }
    let resolved = try shape.axis(axis, in: operation)
    guard takesRest else { return (shape, resolved) }
    let (outer, inner) = (shape.dims[..<resolved], shape.dims[resolved...])
    return ([outer.reduce(1, *), inner.reduce(1, *)], 1)
  }
}
