import Masks
public import TensorCore

/// The upper triangle of matrices, or with `upper` = 0 the lower one, zeros elsewhere; the diagonal it
/// begins at lies k to the right, k being input 1.
public struct Trilu: PickingOperator {
  public static let opType = "Trilu"
  public static let schema = OperatorSchema(
    since: 14,
    attributes: [
      .flag("upper", since: 14)
    ],
    inputs: [.init(.all), .init([14: .int64], optionalSince: 14)])
  private let isUpper: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    isUpper = try node.int("upper", default: 1) != 0
  }

  public func shape(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    let x = try inputs.required(0)
    guard x.shape.rank >= 2, x.type.computed != nil else {
      throw TensorError("Trilu", expected: "matrices of numbers", found: "\(x.type) \(x.shape)")
    }
    if inputs.optional(1) != nil, try inputs.whole(1).count != 1 {
      throw TensorError("Trilu", expected: "one k", found: "\(try inputs.whole(1))")
    }
    return x.shape
  }

  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    .keeping(of: inputs, outputs: outputs)
  }

  public func offsets(_ inputs: Inputs<Value>, for shape: Shape) throws(TensorError) -> [Int] {
    let k = inputs.optional(1) == nil ? 0 : Int(try inputs.integers(1)[0])
    let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
    return (0..<shape.count).map { offset in
      let (row, column) = (offset / columns % rows, offset % columns)
      let isKept = isUpper ? column - row >= k : column - row <= k
      return isKept ? offset : -1
    }
  }
}
