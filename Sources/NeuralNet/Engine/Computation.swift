import Masks
public import TensorCore

/// Something a plan computes: an operator, or what a plan makes of one, such as a convolution with the
/// ReLU behind it or a dropout on an edge.
public protocol Computation: Sendable {
  /// Computes the outputs.
  /// - Throws: `TensorError` where the inputs do not go together.
  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value]

  /// The same for inputs of any element types; the first `typedOutputs` results have the inputs' types.
  /// - Throws: `TensorError` where the inputs do not go together.
  func forward(
    _ inputs: Inputs<Value>, _ context: RunContext, typedOutputs: Int
  ) throws(TensorError) -> [Value]

  /// The gradient of the loss with respect to each input, by position and in the input's shape; nil
  /// for inputs that are not wanted, not float32 or without influence.
  /// - Throws: `TensorError` where there is no gradient.
  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?]

  /// What `forward` will take, worked out without running it.
  func price(_ inputs: Inputs<Value>) -> Price
}

extension Computation {
  /// Computes the outputs of inputs of any element types: in the types the computation works in, with
  /// the results given the inputs' types again where they keep them.
  /// - Throws: `TensorError` where the inputs do not go together.
  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext, typedOutputs: Int
  ) throws(TensorError) -> [Value] {
    guard inputs.areTyped else { return try forward(inputs, context) }
    try inputs.checkAreArrays()
    let types = (0..<inputs.count).map { inputs.optional($0)?.type }
    var context = context
    context.integers = ElementType.kept(.int64, from: types)
    let made = try forward(inputs.computed, context)
    return try made.enumerated().map { index, value throws(TensorError) in
      let type = index < typedOutputs ? ElementType.kept(value.type, from: types) : value.type
      guard type != value.type else { return value }
      let rounded = try Value(value, as: type)
      context.losses?.note(value, rounded)
      return rounded
    }
  }
}

/// What a computation takes; sums and products of prices stop at `Int.max`.
public struct Price: Equatable, Sendable {
  /// The bytes of its results.
  public var bytes: Int
  /// Its work, as `WorkBudget` counts it.
  public var work: Int

  /// The price of what makes so many bytes, with so many multiply-adds beside.
  init(bytes: Int, multiplyAdds: Int = 0) {
    self.bytes = bytes
    work = (bytes / MemoryLayout<Float>.stride).saturatingMultiplied(by: WorkBudget.perElement)
      .saturatingAdding(max(0, multiplyAdds))
  }
}

/// A computation that drops, and can tell the mask it used from what it made.
protocol Dropping: Computation {
  /// The mask behind what `forward` made; nil where nothing was drawn.
  /// - Throws: `TensorError` where these are no such outputs.
  func mask(of made: [Value]) throws(TensorError) -> Mask?
}

/// A computation that drops as a placement says.
protocol Placed: Computation {
  var dropout: Dropout { get set }
}

/// What stands in for a node that cannot be computed: its error, at the moment it is met.
struct Missing: Computation {
  let error: GraphError

  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value] {
    throw TensorError(inputs.opType, expected: "an operator", found: error.message)
  }

  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] { pass.none }
}
