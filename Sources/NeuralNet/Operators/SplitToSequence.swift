import Masks
public import TensorCore

/// x cut along `axis` into a sequence: of the sizes that input 1 lists, or of one size that is a number, the
/// last smaller where they do not come out even; without input 1 into slices, which lose the axis where
/// `keepdims` is 0.
public struct SplitToSequence: SequenceOperator {
  public static let opType = "SplitToSequence"
  public static let schema = OperatorSchema(
    since: 11, attributes: [.int("axis"), .flag("keepdims")],
    inputs: [
      .init([11: .firstTypes, 24: .all]), .init([11: [.int32, .int64]], optionalSince: 11),
    ])
  private let axis: Int
  private let keepsAxis: Bool
  /// As Split has.
  private static let mostParts = 1 << 20

  public init(_ node: NodeReader) throws(TensorError) {
    axis = try node.int("axis", default: 0)
    keepsAxis = try node.int("keepdims", default: 1) != 0
  }

  private func views(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> [StridedView] {
    let shape = try inputs.required(0).shape
    let axis = try shape.axis(axis, in: Self.opType)
    let sizes = try sizes(inputs, of: shape[axis])
    var start = 0
    return sizes.map { size in
      var (dims, strides) = (shape.dims, shape.strides)
      dims[axis] = size
      let offset = dims.contains(0) ? 0 : start * strides[axis]
      start += size
      if inputs.optional(1) == nil, !keepsAxis {
        dims.remove(at: axis)
        strides.remove(at: axis)
      }
      return StridedView(Shape(dims), offset: offset, strides: strides)
    }
  }

  private func sizes(_ inputs: Inputs<ValueInfo>, of whole: Int) throws(TensorError) -> [Int] {
    func refused(_ found: String) -> TensorError {
      TensorError(Self.opType, expected: "sizes that add up to \(whole)", found: found)
    }
    guard let given = inputs.optional(1) else {
      guard whole <= Self.mostParts else { throw refused("\(whole) parts") }
      return [Int](repeating: 1, count: whole)
    }
    let sizes = try inputs.computed.integers(1)
    if given.shape.rank == 0 {
      guard sizes[0] > 0, whole / sizes[0] < Self.mostParts else { throw refused("\(sizes[0])") }
      return stride(from: 0, to: whole, by: sizes[0]).map { min(sizes[0], whole - $0) }
    }
    guard sizes.allSatisfy({ (0...whole).contains($0) }),
      sizes.reduce(0, { $0.saturatingAdding($1) }) == whole
    else { throw refused("\(sizes)") }
    return sizes
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let type = try inputs.required(0).type
    return [ValueInfo(sequence: try views(inputs).map { ValueInfo($0.shape, type: type) })]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try inputs.required(0)
    return [.sequence(try views(inputs.described).map { x.gathered($0) })]
  }

  /// The parts are copies.
  public func price(_ inputs: Inputs<Value>) -> Price {
    Price(bytes: inputs.optional(0)?.bytes ?? 0)
  }
}
