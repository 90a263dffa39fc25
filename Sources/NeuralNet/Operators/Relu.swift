import Masks
public import TensorCore

/// y = max(x, 0). NaN stays NaN.
public struct Relu: Operator {
  public static let opType = "Relu"
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try inputs.required(0).shape)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [.float32(try inputs.tensor(0).map { $0 < 0 ? 0 : $0 })]
  }
}
