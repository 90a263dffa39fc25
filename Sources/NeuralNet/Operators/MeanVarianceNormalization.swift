import Masks
public import TensorCore

/// (x − mean)/√(variance + 10⁻⁹) over `axes`, by default all but the channels of `[N,C,H,W]`.
public struct MeanVarianceNormalization: AxisKeepingOperator {
  public static let opType = "MeanVarianceNormalization"
  public static let schema = OperatorSchema(
    since: 9,
    attributes: [
      .ints("axes", since: 9)
    ],
    inputs: [.init([9: .floats, 13: [.floats, .bfloat16]])])
  public static let role = OperatorRole.normalization
  private let axes: [Int]

  public init(_ node: NodeReader) throws(TensorError) {
    axes = try node.ints("axes") ?? [0, 2, 3]
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.tensor(0)
    _ = try StridedView.reducing(x, over: axes, in: "MeanVarianceNormalization")
    return [ValueInfo(x)]
  }

  private func rows(_ x: Tensor) throws(TensorError) -> (StridedView, Standardization) {
    let view = try StridedView.reducing(x.shape, over: axes, in: "MeanVarianceNormalization")
    let kept = try Reduction.shape(of: x.shape, over: axes, keepingDims: true).count
    let laidOut = try x.gathered(view).reshaped(to: [kept, kept == 0 ? 0 : x.count / kept])
    return (view, Standardization(laidOut, epsilon: 1e-9))
  }

  /// What lies in the order of the rows, in x's own.
  private func back(
    _ rows: Tensor, _ view: StridedView, _ shape: Shape
  ) throws(TensorError) -> Tensor {
    var own = Tensor(shape, repeating: 0)
    own.add(try rows.reshaped(to: view.shape), through: view)
    return own
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    let x = try inputs.tensor(0)
    let (view, rows) = try rows(x)
    return [.float32(try back(rows.output, view, x.shape))]
  }

  /// x in the order of the rows, before and after.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].bytes.saturatingMultiplied(by: 2)
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let x = try pass.inputs.tensor(0)
    let (view, rows) = try rows(x)
    let g = try pass.takeGradient().gathered(view).reshaped(to: rows.output.shape)
    return pass.only(try back(rows.gradient(g), view, x.shape))
  }
}
