import Masks
public import TensorCore

/// x repeated along each axis as often as input 1 lists; in opset 1 along one, input 2, as often as
/// input 1 says.
public struct Tile: ViewingOperator {
  public static let opType = "Tile"
  public static let schema = OperatorSchema(
    inputs: [
      .init([1: .floats, 6: .firstTypes, 13: .all]), .init([1: .floats, 6: .int64]),
      .init([1: .floats, 6: []]),
    ])
  private let isOld: Bool

  public init(_ node: NodeReader) { isOld = node.opset < 6 }

  private func repeats(_ inputs: Inputs<ValueInfo>, _ shape: Shape) throws(TensorError) -> [Int] {
    guard isOld else { return try inputs.integers(1) }
    var repeats = shape.dims.map { _ in 1 }
    let (times, axes) = (try oldNumber(inputs, 1), try oldNumber(inputs, 2))
    repeats[try shape.axis(axes, in: "Tile")] = times
    return repeats
  }

  private func oldNumber(_ inputs: Inputs<ValueInfo>, _ index: Int) throws(TensorError) -> Int {
    let info = try inputs.required(index)
    guard info.shape.count == 1 else {
      throw TensorError("Tile", expected: "one number for input \(index)", found: "\(info.shape)")
    }
    switch info.constant {
    case .int64(let x)?: return Int(x[0])
    case .float32(let x)?: return Int(Int64(towardZero: Double(x[0])))
    default:
      throw TensorError(
        "Tile", expected: "input \(index) to be a constant", found: "a value only a run can tell")
    }
  }

  public func view(
    for inputs: Inputs<ValueInfo>
  ) throws(TensorError) -> (view: StridedView, shape: Shape) {
    let shape = try inputs.required(0).shape
    let repeats = try repeats(inputs, shape)
    guard repeats.count == shape.rank, repeats.allSatisfy({ $0 >= 0 }) else {
      throw TensorError(
        "Tile", expected: "\(shape.rank) repeats of 0 or more", found: "\(repeats)")
    }
    let dims = zip(shape.dims, repeats).map { $0.saturatingMultiplied(by: $1) }
    let made = try Shape(computed: dims, in: "Tile")
    let strides = shape.strides
    let view = try Shape(
      checking: zip(shape.dims, repeats).flatMap { [$1, $0] }, in: "Tile")
    return (StridedView(view, strides: strides.flatMap { [0, $0] }), made)
  }

  /// All axes stay.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    .keeping(of: inputs, outputs: outputs)
  }
}
