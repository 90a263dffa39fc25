import Glibc
import Masks
public import TensorCore

/// An operator whose results are others in each run, whatever it reads.
public protocol RandomOperator: Operator {}

/// An operator that draws numbers, from the run's stream at the node's own site; a `seed` attribute means
/// nothing, as a run's seed decides.
public protocol DrawingOperator: AxisFreeOperator, RandomOperator {
  /// What is drawn.
  var draw: RandomDraw { get }
  /// The shape of the numbers, and their type in the graph.
  /// - Throws: `TensorError` where the inputs do not go together.
  func made(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> (shape: Shape, type: ElementType)
}

/// A distribution.
public enum RandomDraw: Sendable {
  case uniform(low: Float, high: Float)
  case normal(mean: Float, scale: Float)

  /// The number that a place of a stream stands for. A normal one is the quantile of its uniform, in the
  /// middle of what that stands for, so that it is never infinite.
  func number(_ stream: RandomStream, at index: Int) -> Float {
    let u = stream.uniform(at: index)
    switch self {
    case .uniform(let low, let high): return low + (high - low) * u
    case .normal(let mean, let scale):
      return mean + scale * Float(Normal.quantile(Double(u) + 0x1p-25))
    }
  }

  static func uniform(_ node: NodeReader) throws(TensorError) -> RandomDraw {
    let (low, high) = (try node.float("low", default: 0), try node.float("high", default: 1))
    guard low.isFinite, high.isFinite else {
      throw TensorError(
        node.node.opType, expected: "finite bounds", found: "\(low) and \(high)")
    }
    return .uniform(low: low, high: high)
  }

  static func normal(_ node: NodeReader) throws(TensorError) -> RandomDraw {
    .normal(mean: try node.float("mean", default: 0), scale: try node.float("scale", default: 1))
  }
}

extension DrawingOperator {
  public static var typedOutputs: Int { 0 }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let made = try made(inputs)
    guard made.type.isFloat else {
      throw TensorError(Self.opType, expected: "a type of floats", found: "\(made.type)")
    }
    return [ValueInfo(made.shape, type: made.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let made = try outputs(for: inputs.described)[0]
    let numbers = Tensor(
      made.shape, (0..<made.shape.count).map { draw.number(context.stream, at: $0) })
    return [try Value(.float32(numbers), as: made.type)]
  }

  /// What is drawn depends on nothing.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }

  /// A number costs a round of the generator.
  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].shape.count.saturatingMultiplied(by: 64)
  }
}
