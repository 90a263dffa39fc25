import Masks
public import TensorCore

/// An operator that compares two numbers, broadcast: two float32 or two int64 → bool. NaN compares with
/// nothing.
public protocol ComparisonOperator: BroadcastingOperator {
  /// How the shapes go together.
  var broadcasting: BroadcastRule { get }
  /// Whether it holds of two numbers.
  static func holds(_ a: Float, _ b: Float) -> Bool
  /// Whether it holds of two whole numbers.
  static func holds(_ a: Int64, _ b: Int64) -> Bool
  /// Whether it holds of two truths; nil where it takes none.
  static var ofTruths: (@Sendable (Bool, Bool) -> Bool)? { get }
}

extension ComparisonOperator {
  public static var typedOutputs: Int { 0 }
  public static var ofTruths: (@Sendable (Bool, Bool) -> Bool)? { nil }

  public func operands(_ inputs: Inputs<ValueInfo>) -> [Shape?] {
    broadcasting.operands(inputs)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (a, b) = (try inputs.required(0), try inputs.required(1))
    guard a.type == b.type, a.type != .bool || Self.ofTruths != nil, a.type.computed != nil else {
      throw TensorError(
        Self.opType, expected: "two numbers of one type", found: "\(a.type) and \(b.type)")
    }
    let shape = try broadcasting.broadcast(a.shape, b.shape, in: Self.opType).shape
    return [ValueInfo(shape, type: .bool)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    let (a, b) = (try inputs.required(0), try inputs.required(1))
    let broadcast = try broadcasting.broadcast(a.shape, b.shape, in: Self.opType)
    switch (a, b) {
    case (.float32(let a), .float32(let b)):
      return [.bool(broadcast.map(a, b) { Self.holds($0, $1) })]
    case (.int64(let a), .int64(let b)):
      let order = context.integerOrder
      return [.bool(broadcast.map(a, b) { Self.holds($0 ^ order, $1 ^ order) })]
    case (.bool(let a), .bool(let b)):
      guard let holds = Self.ofTruths else { break }
      return [.bool(broadcast.map(a, b) { holds($0, $1) })]
    default: break
    }
    throw TensorError(Self.opType, expected: "numbers", found: "\(a.type) and \(b.type)")
  }

  /// Truths have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}

extension OperatorSchema {
  /// That of comparisons by size that the first operator set has.
  static let comparison = OperatorSchema(
    attributes: [.int("axis", until: 6), .flag("broadcast", until: 6)],
    inputs: .init(
      repeating: .init([
        1: .floats, 9: [.floats, .integers], 13: [.floats, .integers, .bfloat16],
      ]), count: 2))
  /// That of those that came with opset 12.
  static let comparisonOrEqual = OperatorSchema(
    since: 12,
    inputs: .init(
      repeating: .init([12: [.floats, .integers], 16: [.floats, .integers, .bfloat16]]), count: 2))
}
