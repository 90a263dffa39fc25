import Masks
public import TensorCore

/// Blocks of `blocksize`² cells laid out as channels: `[N,C,H·b,W·b]` → `[N,b²·C,H,W]`, the channels of
/// a block C apart.
public struct SpaceToDepth: ViewingOperator {
  public static let opType = "SpaceToDepth"
  public static let schema = OperatorSchema(
    attributes: [
      .int("blocksize", required: true, in: 1 ... .max)
    ],
    inputs: [.init([1: .firstTypes, 13: .all])])
  private let size: Int

  public init(_ node: NodeReader) throws(TensorError) {
    size = try node.int("blocksize", default: 0)
    guard (1...1 << 15).contains(size) else {
      throw TensorError(
        "SpaceToDepth", expected: "a blocksize from 1 to 32768", found: "\(size)")
    }
  }

  public func view(
    for inputs: Inputs<ValueInfo>
  ) throws(TensorError) -> (view: StridedView, shape: Shape) {
    let x = try inputs.required(0).shape
    guard x.rank == 4, x[2] % size == 0, x[3] % size == 0 else {
      throw TensorError(
        "SpaceToDepth", expected: "[N,C,H,W] with H and W multiples of \(size)", found: "\(x)")
    }
    let laidOut = try Shape(
      checking: [x[0], x[1], x[2] / size, size, x[3] / size, size], in: "SpaceToDepth")
    let dims = [
      x[0], x[1].saturatingMultiplied(by: size * size), x[2] / size, x[3] / size,
    ]
    return (
      try .transposing(laidOut, order: [0, 3, 5, 1, 2, 4]),
      try Shape(computed: dims, in: "SpaceToDepth")
    )
  }

  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    AxisRule.keepingMaps(of: inputs, outputs: outputs)
  }
}
