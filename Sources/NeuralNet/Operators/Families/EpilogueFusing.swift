import TensorCore

/// What can stand behind a convolution or a product, in the order in which it is done.
enum EpilogueStage: Int, Sendable {
  case columnBias, normalization, residual, activation
}

/// An operator whose result can be worked on while it is at hand.
protocol EpilogueFusing: Operator {
  /// What `forward` makes, and what the epilogue makes of it.
  func forward(
    _ inputs: Inputs<Value>, _ context: RunContext, _ epilogue: Epilogue
  ) throws(TensorError) -> [Value]
  /// What may stand behind it.
  static var stages: Set<EpilogueStage> { get }
}

/// An operator that makes its result with max(·, 0) taken of it, and whose gradient asks for its inputs
/// alone: so it can be passed backward without what it made before.
protocol ReluFusing: EpilogueFusing {}

/// An operator, or several that are one function, that can be the last step of an epilogue.
protocol EpilogueActivation: Computation {
  /// The step; nil where these inputs (the first is not looked at) make another one.
  func activation(_ inputs: Inputs<Value>) throws(TensorError) -> Activation?
}

extension Epilogue {
  /// What it makes of the only output of an operator that cannot do it itself.
  func following(_ made: [Value]) throws(TensorError) -> [Value] {
    if isPlain, activation == .none { return made }
    guard case .float32(let x)? = made.first, columnBias == nil else {
      throw TensorError("epilogue", expected: "a float32", found: "another")
    }
    return [.float32(self(x))]
  }
}
