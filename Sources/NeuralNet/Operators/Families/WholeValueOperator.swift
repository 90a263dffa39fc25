import Masks
public import TensorCore

/// An operator that is handed values as the graph has them: in the element types they have there, and
/// sequences and optional values that are not there among them.
public protocol WholeValueOperator: Operator {}

extension WholeValueOperator {
  public static var typedOutputs: Int { 0 }
  public static var reading: OperatorReading { .wholeValues }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext, typedOutputs: Int
  ) throws(TensorError) -> [Value] { try forward(inputs, context) }
}

/// An operator that makes sequences or reads them.
public protocol SequenceOperator: WholeValueOperator, AxisFreeOperator {}

extension SequenceOperator {
  /// Most share the arrays that they are given, and hand each of them on.
  public func price(_ inputs: Inputs<Value>) -> Price {
    var count = 0
    for index in 0..<inputs.count {
      if case .sequence(let values)? = inputs.optional(index) { count += values.count }
    }
    return Price(bytes: 0, multiplyAdds: count.saturatingMultiplied(by: workOfItem))
  }
}

/// The work of handing on an array of a sequence, so that a loop which makes one longer and longer comes to an
/// end.
private let workOfItem = 1000

extension Inputs where Item == Value {
  /// The arrays of a required sequence.
  /// - Throws: `TensorError` where it is missing or no sequence.
  func sequence(_ index: Int) throws(TensorError) -> [Value] {
    guard case .sequence(let values) = try required(index) else {
      throw TensorError(
        opType, expected: "a sequence for input \(index)", found: "\(try required(index).type)")
    }
    return values
  }
}

extension Inputs where Item == ValueInfo {
  /// What is known of the arrays of a required sequence.
  /// - Throws: `TensorError` where it is missing, no sequence, or one of which only a run can tell.
  func sequence(_ index: Int) throws(TensorError) -> [ValueInfo] {
    let info = try required(index)
    guard let elements = info.elements else {
      throw TensorError(
        opType, expected: "a sequence for input \(index)",
        found: info.type == .sequence ? "one that only a run can tell" : "\(info.type)")
    }
    return elements
  }

  /// The place in a sequence that an optional input names, counted from the end where it is below 0; nil
  /// where none is named.
  /// - Throws: `TensorError` where it is no whole number of these places, or only known in a run.
  func place(_ index: Int, in places: Range<Int>, ofSequence count: Int) throws(TensorError) -> Int?
  {
    guard optional(index) != nil else { return nil }
    let numbers = try computed.integers(index)
    guard numbers.count == 1 else {
      throw TensorError(opType, expected: "one place in a sequence", found: "\(numbers)")
    }
    let place = numbers[0] < 0 ? numbers[0].saturatingAdding(count) : numbers[0]
    guard places.contains(place) else {
      throw TensorError(
        opType, expected: "a place in a sequence of \(count)", found: "\(numbers[0])")
    }
    return place
  }
}
