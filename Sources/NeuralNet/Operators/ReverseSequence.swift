import Masks
public import TensorCore

/// The first steps of each sequence of a batch in reverse order, as many as input 1 says; those after
/// stay.
public struct ReverseSequence: PickingOperator {
  public static let opType = "ReverseSequence"
  public static let schema = OperatorSchema(
    since: 10,
    attributes: [
      .int("batch_axis", since: 10, in: 0...1),
      .int("time_axis", since: 10, in: 0...1),
    ],
    inputs: [.init(.firstTypes), .init(.int64)])
  private let (batch, time): (Int, Int)

  public init(_ node: NodeReader) throws(TensorError) {
    batch = try node.int("batch_axis", default: 1)
    time = try node.int("time_axis", default: 0)
    guard (0...1).contains(batch), time == 1 - batch else {
      throw TensorError(
        "ReverseSequence", expected: "axes 0 and 1 for batch and time", found: "\(batch), \(time)")
    }
  }

  public func shape(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    let (x, lengths) = (try inputs.required(0).shape, try inputs.whole(1))
    guard x.rank >= 2, lengths.dims == [x[batch]] else {
      throw TensorError(
        "ReverseSequence", expected: "a length for each sequence of \(x)", found: "\(lengths)")
    }
    return x
  }

  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    .keeping(of: inputs, outputs: outputs)
  }

  public func offsets(_ inputs: Inputs<Value>, for shape: Shape) throws(TensorError) -> [Int] {
    let lengths = try inputs.integers(1).elements
    guard lengths.allSatisfy({ (0...Int64(shape[time])).contains($0) }) else {
      throw TensorError(
        "ReverseSequence", expected: "lengths from 0 to \(shape[time])", found: "\(lengths)")
    }
    let strides = shape.strides
    return (0..<shape.count).map { offset in
      let step = offset / strides[time] % shape[time]
      let length = Int(lengths[offset / strides[batch] % shape[batch]])
      return step < length ? offset + (length - 1 - 2 * step) * strides[time] : offset
    }
  }
}
