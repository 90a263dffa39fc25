import Masks
public import TensorCore

/// x with the sizes that input 1 lists, of all axes or those of `axes`: what is too long is cut at both ends,
/// what is too short gets zeros there; one more behind where the difference is odd.
public struct CenterCropPad: PickingOperator {
  public static let opType = "CenterCropPad"
  public static let schema = OperatorSchema(
    since: 18, attributes: [.ints("axes", since: 18)],
    inputs: [.init(.all), .init([.int32, .int64])])
  private let axes: [Int]?

  public init(_ node: NodeReader) throws(TensorError) { axes = try node.ints("axes") }

  public func shape(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    let x = try inputs.required(0).shape
    let sizes = try inputs.integers(1)
    let axes = axes ?? Array(0..<x.rank)
    guard sizes.count == axes.count, sizes.allSatisfy({ $0 >= 0 }) else {
      throw TensorError(
        "CenterCropPad", expected: "\(axes.count) sizes of 0 or more", found: "\(sizes)")
    }
    var dims = x.dims
    for (axis, size) in zip(axes, sizes) {
      dims[try x.axis(axis, in: "CenterCropPad")] = size
    }
    return try Shape(computed: dims, in: "CenterCropPad")
  }

  public func offsets(_ inputs: Inputs<Value>, for shape: Shape) throws(TensorError) -> [Int] {
    let x = try inputs.required(0).shape
    var offsets = [0]
    for (axis, size) in shape.dims.enumerated() {
      let (own, stride) = (x[axis], x.strides[axis])
      // Halves are rounded down, whichever is longer.
      let shift = own >= size ? (own - size) / 2 : -((size - own) / 2)
      offsets = offsets.flatMap { start in
        (0..<size).map { place in
          let from = place + shift
          return start < 0 || !(0..<own).contains(from) ? -1 : start + from * stride
        }
      }
    }
    return offsets
  }

  /// All axes stay.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    .keeping(of: inputs, outputs: outputs)
  }
}
