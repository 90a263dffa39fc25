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

/// What batch normalisation normalises by while a network is trained.
public enum BatchStatistics: String, CaseIterable, Sendable {
  /// The mean and variance the model brought: as at evaluation, and as Monte-Carlo dropout asks for.
  case stored
  /// Those of the batch, which the running ones follow.
  case batch
}

/// What a run knows beside its inputs.
public struct RunContext: Sendable {
  /// Whether the graph's own Dropout nodes act.
  public var mode: Mode
  /// Where a Dropout node's numbers come from; its site is set to the node's own.
  public var stream: RandomStream
  /// By which statistics BatchNormalization normalises in training.
  public var batchNormalization: BatchStatistics
  /// Whether the model's own dropout is the identity whatever its file says: for a run without any.
  public var disablesOwnDropout: Bool
  /// Whether a Dropout node with a `seed` attribute draws from NumPy's generator under that seed, as
  /// ONNX's reference does, so the same numbers in every run; else the attribute means nothing.
  public var obeysSeeds: Bool
  /// The element type of the whole numbers that an operator is handed as int64: `.uint64` where those
  /// below 0 stand for the largest. Results are wrapped to it by whoever runs the operator.
  public internal(set) var integers = ElementType.int64
  /// Who is told of numbers that are lost where results are rounded to small floats; nil for nobody.
  public var losses: RoundingLosses?
  /// Which turns of bodies the run is in, the outermost first.
  var turns: [Int] = []
  /// The step at which dropouts draw that have numbers of their own; nil leaves them theirs.
  var placedStep: UInt32?
  /// Where the node's weights are kept in the order of the kernels; nil where they may change.
  var kept: KeptWeights?

  /// A context; by default evaluation.
  public init(
    mode: Mode = .eval, batchNormalization: BatchStatistics = .stored,
    stream: RandomStream = RandomStream(seed: 0), obeysSeeds: Bool = false,
    disablesOwnDropout: Bool = false
  ) {
    (self.mode, self.batchNormalization) = (mode, batchNormalization)
    (self.stream, self.obeysSeeds) = (stream, obeysSeeds)
    self.disablesOwnDropout = disablesOwnDropout
  }
}

/// The inputs of a node by position; optional ones may be missing.
public struct Inputs<Item: Sendable>: Sendable {
  /// The operator's name, for messages.
  public let opType: String
  /// The element types the inputs have in the graph, where they are handed over in those that are
  /// computed in; else empty.
  public internal(set) var types: [ElementType?] = []
  private let items: [Item?]

  /// The inputs of an operator, nil where one is left out.
  public init(_ opType: String, _ items: [Item?]) { (self.opType, self.items) = (opType, items) }

  /// The number of positions, those left out in the middle included.
  public var count: Int { items.count }

  /// An input that may be missing.
  public func optional(_ index: Int) -> Item? { index < items.count ? items[index] : nil }

  /// An input that must be there. - Throws: `TensorError` where it is not.
  public func required(_ index: Int) throws(TensorError) -> Item {
    guard let item = optional(index) else {
      throw TensorError(opType, expected: "an input \(index)", found: "\(items.count) inputs")
    }
    return item
  }

  /// All inputs of an operator that takes any number of them. - Throws: where one is left out.
  public func all() throws(TensorError) -> [Item] {
    var all: [Item] = []
    for index in items.indices { all.append(try required(index)) }
    return all
  }
}

extension Inputs where Item == Value {
  /// The element type an input has in the graph; nil where it is left out.
  public func type(_ index: Int) -> ElementType? {
    index < types.count ? types[index] : optional(index)?.type
  }

  /// A required float32 input. - Throws: `TensorError` where it is missing or of another type.
  public func tensor(_ index: Int) throws(TensorError) -> Tensor {
    guard case .float32(let tensor) = try required(index) else {
      throw TensorError(
        opType, expected: "float32 for input \(index)", found: "\(try required(index).type)")
    }
    return tensor
  }

  /// An optional float32 input. - Throws: `TensorError` where it is of another type.
  public func optionalTensor(_ index: Int) throws(TensorError) -> Tensor? {
    optional(index) == nil ? nil : try tensor(index)
  }

  /// A required int64 input. - Throws: `TensorError` where it is missing or of another type.
  public func integers(_ index: Int) throws(TensorError) -> NDArray<Int64> {
    guard case .int64(let array) = try required(index) else {
      throw TensorError(
        opType, expected: "int64 for input \(index)", found: "\(try required(index).type)")
    }
    return array
  }
}

extension RunContext {
  /// What turns whole numbers of this run into ones that int64 orders as their own type does, and back
  /// again, by exclusive or: the sign for uint64, nothing for all others.
  var integerOrder: Int64 { integers == .uint64 ? .min : 0 }
}
