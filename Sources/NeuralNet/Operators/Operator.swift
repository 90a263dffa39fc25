public import Masks
public import TensorCore

/// What a node computes. One operator is one file in Operators/ and one line in the registry.
public protocol Operator: Computation {
  /// The ONNX operator type.
  static var opType: String { get }

  /// The operator set's domain; empty for ONNX's own.
  static var domain: String { get }

  /// What ONNX lays down for it, version by version.
  static var schema: OperatorSchema { get }

  /// Which inputs hold learned numbers that can be dropped, by the target of such a dropout; empty for
  /// operators without any.
  var parameters: [Target: Int] { get }

  /// What it is for in a network.
  static var role: OperatorRole { get }

  /// How many outputs, from the first on, have the element type of the first input of their kind, floats
  /// or whole numbers; the others have the type the operator says.
  static var typedOutputs: Int { get }

  /// What it is handed: arrays in the types they are computed in, or values as the graph has them, with
  /// those around it too.
  static var reading: OperatorReading { get }

  /// Reads the attributes.
  /// - Throws: `TensorError` where they make no sense.
  init(_ node: NodeReader) throws(TensorError)

  /// The shape rule: what the outputs will be, from what is known of the inputs.
  /// - Throws: `TensorError` where the inputs do not go together.
  func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo]

  /// The axis rule: what becomes of the inputs' axes, and what the operator calls those it reads.
  /// `outputs` are what the shape rule made of `inputs`.
  func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule

  /// Computes the outputs.
  /// - Throws: `TensorError` where the inputs do not go together.
  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value]

  /// The gradient of the loss with respect to each input, by position and in the input's shape; nil
  /// for inputs that are not wanted, not float32 or without influence.
  /// - Throws: `TensorError` where the operator has no gradient.
  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?]

  /// Multiplications followed by an addition that one forward pass costs.
  func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int

  /// Bytes that `forward` takes beside its outputs while it runs, where they grow with the input.
  func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int
}

extension Operator {
  /// Most operators are ONNX's own.
  public static var domain: String { "" }

  /// Most operators give what they got.
  public static var typedOutputs: Int { .max }

  /// Most operators compute.
  public static var reading: OperatorReading { .arrays }

  /// Most operators have no weights.
  public var parameters: [Target: Int] { [:] }

  /// Without a gradient of its own an operator cannot be trained through.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    throw TensorError(Self.opType, expected: "an operator with a gradient", found: Self.opType)
  }

  /// Shapes, constants and the like.
  public static var role: OperatorRole { .other }

  /// Most operators have no matrix inside.
  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int { 0 }

  /// Most operators write their outputs straight away.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int { 0 }
}

/// What an operator is handed.
public enum OperatorReading: Sendable {
  /// Arrays, in the types they are computed in.
  case arrays
  /// Values as the graph has them: see `WholeValueOperator`.
  case wholeValues
  /// The same, and behind them what its bodies read: see `BodyOperator`.
  case wholeValuesAndBodies
}

/// An operator with inputs that training changes where they are constants.
public protocol TrainableOperator: Operator {
  /// The inputs, in order, each with the axis of its array along which units or feature maps lie;
  /// nil for a bias, which has no weights of its own for each unit. −1 is the last axis.
  var parameterInputs: [(input: Int, unitAxis: Int?)] { get }
}

/// Where the nodes of a graph get their operators: `OperatorRegistry`.
public protocol OperatorProvider: Sendable {
  /// The type of a node's operator; nil for one that is not known.
  func type(of node: Node) -> (any Operator.Type)?

  /// The operator of a node.
  /// - Throws: `GraphError` naming the operator, the node and the operator set where there is none,
  ///   or where its attributes make no sense.
  func make(_ node: Node, opset: Int) throws(GraphError) -> any Operator
}
