import Masks
public import TensorCore

/// An operator on two truths, broadcast: bool, bool → bool.
public protocol LogicalOperator: BroadcastingOperator {
  /// How the shapes go together.
  var broadcasting: BroadcastRule { get }
  /// What becomes of two truths.
  static func apply(_ a: Bool, _ b: Bool) -> Bool
}

extension LogicalOperator {
  public func operands(_ inputs: Inputs<ValueInfo>) -> [Shape?] {
    broadcasting.operands(inputs)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (a, b) = (try inputs.truths(0), try inputs.truths(1))
    return [ValueInfo(try broadcasting.broadcast(a, b, in: Self.opType).shape, type: .bool)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let (a, b) = (try inputs.truths(0), try inputs.truths(1))
    let broadcast = try broadcasting.broadcast(a.shape, b.shape, in: Self.opType)
    return [.bool(broadcast.map(a, b) { Self.apply($0, $1) })]
  }

  /// Truths have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}

extension Inputs where Item == ValueInfo {
  /// The shape of a required bool input.
  /// - Throws: `TensorError` where it is missing or of another type.
  func truths(_ index: Int) throws(TensorError) -> Shape {
    let info = try required(index)
    guard info.type == .bool else {
      throw TensorError(opType, expected: "bool for input \(index)", found: "\(info.type)")
    }
    return info.shape
  }

  /// The shape of a required int64 input.
  /// - Throws: `TensorError` where it is missing or of another type.
  func whole(_ index: Int) throws(TensorError) -> Shape {
    let info = try required(index)
    guard info.type == .int64 else {
      throw TensorError(
        opType, expected: "whole numbers for input \(index)", found: "\(info.type)")
    }
    return info.shape
  }
}

extension Inputs where Item == Value {
  /// A required bool input. - Throws: `TensorError` where it is missing or of another type.
  func truths(_ index: Int) throws(TensorError) -> NDArray<Bool> {
    guard case .bool(let x) = try required(index) else {
      throw TensorError(
        opType, expected: "bool for input \(index)", found: "\(try required(index).type)")
    }
    return x
  }
}

extension OperatorSchema {
  /// That of operators on two truths.
  static let logical = OperatorSchema(
    attributes: [.int("axis", until: 6), .flag("broadcast", until: 6)],
    inputs: .init(repeating: .init(.bool), count: 2))
}
