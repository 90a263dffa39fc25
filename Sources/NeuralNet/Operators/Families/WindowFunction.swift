import Glibc
import Masks
public import TensorCore

/// The weights of a window function as long as input 0 says, of a period of that length (`periodic`) or one
/// less; of the type that `output_datatype` names.
public protocol WindowFunction: AxisFreeOperator {
  var rule: WindowFunctionRule { get }
  /// The weight at an angle, 0 at the window's begin and 2π a period on.
  static func weight(_ angle: Double) -> Double
}

/// The attributes of Hann, Hamming and Blackman windows.
public struct WindowFunctionRule: Sendable {
  let type: ElementType
  let isPeriodic: Bool

  init(_ node: NodeReader) throws(TensorError) {
    type = try node.elementType("output_datatype") ?? .float32
    isPeriodic = try node.int("periodic", default: 1) != 0
  }

  static let schema = OperatorSchema(
    since: 17, attributes: [.int("output_datatype", since: 17), .int("periodic", since: 17)],
    inputs: [.init([.int32, .int64])])
}

extension WindowFunction {
  public static var schema: OperatorSchema { WindowFunctionRule.schema }
  public static var typedOutputs: Int { 0 }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let sizes = try inputs.integers(0)
    guard sizes.count == 1, sizes[0] >= 0, try inputs.required(0).shape.rank == 0 else {
      throw TensorError(Self.opType, expected: "a size of 0 or more", found: "\(sizes)")
    }
    guard rule.type.computed == .float32 || rule.type.computed == .int64 else {
      throw TensorError(Self.opType, expected: "a type of numbers", found: "\(rule.type)")
    }
    return [ValueInfo(try Shape(computed: sizes, in: Self.opType), type: rule.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let made = try outputs(for: inputs.described)[0]
    let size = made.shape[0]
    let period = Double(max(1, rule.isPeriodic ? size : size - 1))
    let weights = (0..<size).map { Self.weight(2 * .pi * Double($0) / period) }
    guard rule.type.isFloat else {
      return [
        try Value(.int64(NDArray(made.shape, weights.map { Int64($0) })), as: rule.type)
      ]
    }
    return [try Value(.float32(Tensor(made.shape, weights.map { Float($0) })), as: rule.type)]
  }

  /// A size has no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
