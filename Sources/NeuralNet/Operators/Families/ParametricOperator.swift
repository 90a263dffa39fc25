import Masks
public import TensorCore

/// A `UnaryOperator` whose function has constants of the node's own: a slope, a bound.
public protocol ParametricOperator: ElementwiseOperator, AxisKeepingOperator {
  /// What becomes of one element, where a single one is asked for.
  func apply(_ x: Float) -> Float
  /// The same as a kernel.
  var function: ElementFunction { get }
  /// The gradient by x of an element from the gradient g by y = `apply(x)`.
  func gradient(_ g: Float, x: Float, y: Float) -> Float
}

extension ParametricOperator {
  public static var role: OperatorRole { .activation }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try inputs.tensor(0))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [.float32(function(try inputs.tensor(0)))]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    var g = try pass.takeGradient()
    g.changeChunks(reading: try pass.inputs.tensor(0), try pass.output(0)) { g, x, y in
      for i in g.indices { g[i] = gradient(g[i], x: x[i], y: y[i]) }
    }
    return pass.only(g)
  }

  /// The function itself, in single precision.
  public func element(
    _ x: Double, of index: Int, at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (value: Double, operand: Double?) {
    (Double(apply(Float(x))), nil)
  }
}
