import Masks
public import TensorCore

/// Blocks of `blocksize`² channels laid out as cells: `[N,C·b²,H,W]` → `[N,C,H·b,W·b]`. With `mode` DCR
/// the channels of a block lie C apart, with CRD side by side: Shi et al. 2016 (arXiv:1609.05158).
public struct DepthToSpace: ViewingOperator {
  public static let opType = "DepthToSpace"
  public static let schema = OperatorSchema(
    attributes: [
      .int("blocksize", required: true, in: 1 ... .max),
      .string("mode", since: 11, of: ["DCR", "CRD"]),
    ],
    inputs: [.init([1: .firstTypes, 13: .all])])
  private let size: Int
  private let isSideBySide: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    size = try node.int("blocksize", default: 0)
    let mode = try node.string("mode", default: "DCR")
    guard (1...1 << 15).contains(size), ["DCR", "CRD"].contains(mode) else {
      throw TensorError(
        "DepthToSpace", expected: "a blocksize from 1 to 32768, DCR or CRD",
        found: "\(size), \(mode)")
    }
    isSideBySide = mode == "CRD"
  }

  public func view(
    for inputs: Inputs<ValueInfo>
  ) throws(TensorError) -> (view: StridedView, shape: Shape) {
    let x = try inputs.required(0).shape
    guard x.rank == 4, x[1] % (size * size) == 0 else {
      throw TensorError(
        "DepthToSpace", expected: "[N,C,H,W] with C a multiple of \(size * size)", found: "\(x)")
    }
    let channels = x[1] / (size * size)
    let blocks = isSideBySide ? [channels, size, size] : [size, size, channels]
    let laidOut = try Shape(checking: [x[0]] + blocks + [x[2], x[3]], in: "DepthToSpace")
    let order = isSideBySide ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]
    let dims = [
      x[0], channels, x[2].saturatingMultiplied(by: size), x[3].saturatingMultiplied(by: size),
    ]
    return (
      try .transposing(laidOut, order: order), try Shape(computed: dims, in: "DepthToSpace")
    )
  }

  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    AxisRule.keepingMaps(of: inputs, outputs: outputs)
  }
}

extension AxisRule {
  /// Maps whose cells and channels change places: `[N,C,H,W]` stays so.
  static func keepingMaps(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    guard inputs.optional(0)?.shape.rank == 4 else { return .unknown(outputs) }
    return AxisRule(
      reads: [0: [.sample, .channel, .row, .column]],
      outputs: [[.axes([.init(0, 0)]), .named(.channel), .named(.row), .named(.column)]])
  }
}
