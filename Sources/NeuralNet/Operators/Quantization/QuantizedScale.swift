import TensorCore

/// The attributes by which a scale and a zero point are laid along an array: one for all of it, one for
/// each place along `axis`, or one for each block of `block_size` places.
struct QuantizedScale: Sendable {
  private let axis: Int
  private let block: Int

  init(_ node: NodeReader) throws(TensorError) {
    axis = try node.int("axis", default: 1)
    block = try node.int("block_size", default: 0)
    guard block >= 0 else {
      throw TensorError(
        "\(node.node.opType) block_size", expected: "0 or more", found: "\(block)")
    }
  }

  /// Whether there is a zero point for each scale: of one of them, whatever its dimensions.
  static func agree(_ zero: Shape, _ scale: Shape) -> Bool {
    zero == scale || zero.count == 1 && scale.count == 1 && zero.rank <= 1 && scale.rank <= 1
  }

  /// - Throws: `TensorError` where a scale of such a shape does not fit x.
  func check(_ scale: Shape, _ x: Shape, in operation: String) throws(TensorError) {
    if scale.count == 1, scale.rank <= 1 { return }
    let axis = try x.axis(axis, in: operation)
    guard block > 0 else {
      guard scale.dims == [x[axis]] else {
        throw TensorError(operation, expected: "a scale [\(x[axis])]", found: "\(scale)")
      }
      return
    }
    var dims = x.dims
    dims[axis] = x[axis] / block + (x[axis] % block == 0 ? 0 : 1)
    guard scale.dims == dims else {
      throw TensorError(operation, expected: "scales \(dims)", found: "\(scale)")
    }
  }

  /// A scale or a zero point for each element of x.
  func laidOut<E: BitwiseCopyable & Sendable>(
    _ scale: NDArray<E>, along x: Shape, in operation: String
  ) throws(TensorError) -> NDArray<E> {
    if scale.count == 1, scale.shape.rank <= 1 { return NDArray(x, repeating: scale[0]) }
    let axis = try x.axis(axis, in: operation)
    guard block > 0 else {
      let strides = (0..<x.rank).map { $0 == axis ? 1 : 0 }
      return scale.gathered(StridedView(x, strides: strides))
    }
    let block = block
    return scale.picked(AxisPick(count: x[axis]) { $0 / block }, axis: axis, fill: scale[0])
  }

  /// What elements come to, added up for each scale of a shape.
  func sums(_ x: Tensor, to scale: Shape, in operation: String) throws(TensorError) -> Tensor {
    if scale.count == 1, scale.rank <= 1 {
      return try Reduction.sum(x, over: Array(0..<x.shape.rank)).reshaped(to: scale)
    }
    let axis = try x.shape.axis(axis, in: operation)
    guard block > 0 else {
      let others = (0..<x.shape.rank).filter { $0 != axis }
      return try Reduction.sum(x, over: others).reshaped(to: scale)
    }
    let block = block
    return x.unmapped(
      AxisPick(count: x.shape[axis]) { $0 / block }.map, axis: axis, size: scale[axis])
  }
}

extension ElementType {
  /// The whole number that stands for x, after rounding to the nearest, of two the even one, and a shift
  /// by the zero point: the nearest that the type has.
  func quantized(_ x: Double, zero: Int64) -> Int64 {
    let number = x.rounded(.toNearestOrEven) + Double(zero)
    let (least, most): (Int64, Int64) =
      switch self {
      case .int2, .int4, .int8, .int16, .int32: (leastInteger, -(leastInteger + 1))
      case .uint2: (0, 3)
      case .uint4: (0, 15)
      case .uint8: (0, 255)
      case .uint16: (0, 65_535)
      case .uint32: (0, 4_294_967_295)
      default: (.min, .max)
      }
    return number.isNaN
      ? min(max(zero, least), most)
      : Int64(towardZero: min(max(number, Double(least)), Double(most)))
  }
}
