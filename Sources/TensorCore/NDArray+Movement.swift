/// Where each element of a result lies in an array: a start and a stride for each dimension.
/// Transposing, repeating, slicing and flipping are all views of this kind.
public struct StridedView: Hashable, Sendable {
  /// The shape of the result.
  public let shape: Shape
  /// The offset of the result's first element in the array.
  public let offset: Int
  /// Distances in the array between neighbours of the result, along each dimension.
  public let strides: [Int]

  /// A view; every element of it must lie inside the array it is used on.
  public init(_ shape: Shape, offset: Int = 0, strides: [Int]) {
    precondition(strides.count == shape.rank, "strides for \(shape)")
    (self.shape, self.offset, self.strides) = (shape, offset, strides)
  }

  /// The dimensions of `shape` in another order: dimension i of the result is `order[i]` of it.
  /// - Throws: `TensorError` where `order` is not a permutation of the dimensions.
  public static func transposing(
    _ shape: Shape, order: [Int], in operation: String = "transpose"
  ) throws(TensorError) -> StridedView {
    guard order.sorted() == Array(0..<shape.rank) else {
      throw TensorError(
        operation, expected: "a permutation of the \(shape.rank) dimensions of \(shape)",
        found: "\(order)")
    }
    let strides = shape.strides
    return StridedView(Shape(order.map { shape[$0] }), strides: order.map { strides[$0] })
  }

  /// `shape` repeated along dimensions of size 1 until it is `target`, as NumPy broadcasts.
  /// - Throws: `TensorError` where it does not broadcast to `target`.
  public static func broadcasting(
    _ shape: Shape, to target: Shape, in operation: String
  ) throws(TensorError) -> StridedView {
    guard shape.rank <= target.rank,
      zip(shape.padded(toRank: target.rank), target.dims).allSatisfy({ $0 == 1 || $0 == $1 })
    else {
      throw TensorError(
        operation, expected: "a shape that broadcasts to \(target)", found: "\(shape)")
    }
    return StridedView(target, strides: shape.strides(over: target))
  }
}

extension NDArray where Element: BitwiseCopyable {
  /// The elements a view looks at, copied into row-major order.
  public func gathered(_ view: StridedView) -> NDArray {
    let walk = StridedWalk(view.shape, a: view.strides, b: view.shape.strides)
    return withElements { source in
      NDArray(view.shape) { out in
        guard let start = source.baseAddress, let out = out.baseAddress else { return }
        nonisolated(unsafe) let (source, target) = (start + view.offset, out)
        Parallel.chunks(walk.count) { range in
          walk.forEachRun(in: range) { run, count in
            let (from, to) = (source + run.a, target + run.position)
            switch walk.stepA {
            case 0: to.initialize(repeating: from.pointee, count: count)
            case 1: to.initialize(from: from, count: count)
            case let step: for i in 0..<count { to[i] = from[i * step] }
            }
          }
        }
      }
    }
  }

  /// Arrays one after another along `axis`.
  /// - Throws: `TensorError` where there is none, or where they differ along another axis.
  public static func concatenated(
    _ parts: [NDArray], axis: Int, in operation: String
  ) throws(TensorError) -> NDArray {
    let shape = try concatenatedShape(parts.map(\.shape), axis: axis, in: operation)
    let axis = try shape.axis(axis, in: operation)
    let outer = shape.dims[..<axis].reduce(1, *)
    return NDArray(shape) { out in
      guard let target = out.baseAddress, out.count > 0 else { return }
      nonisolated(unsafe) let to = target
      let sizes = parts.map { $0.count / outer }
      let starts = sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
      // Row after row a piece of each array.
      let (row, pieces) = (out.count / outer, outer * parts.count)
      let perTask = Swift.max(1, mapPart(out.count) * pieces / out.count)
      Parallel.run(tasks: (pieces + perTask - 1) / perTask) { task in
        for piece in task * perTask..<Swift.min(pieces, (task + 1) * perTask) {
          let (index, part) = piece.quotientAndRemainder(dividingBy: sizes.count)
          parts[part].withElements { source in
            guard let from = source.baseAddress else { return }
            (to + index * row + starts[part]).update(
              from: from + index * sizes[part], count: sizes[part])
          }
        }
      }
    }
  }
}

/// The shape of arrays laid one after another along `axis`, which may count from the end.
/// - Throws: `TensorError` where there is none, or where they differ along another axis.
public func concatenatedShape(
  _ shapes: [Shape], axis: Int, in operation: String
) throws(TensorError) -> Shape {
  guard let first = shapes.first else {
    throw TensorError(operation, expected: "one array or more", found: "none")
  }
  let axis = try first.axis(axis, in: operation)
  var dims = first.dims
  for shape in shapes.dropFirst() {
    guard shape.rank == first.rank,
      (0..<shape.rank).allSatisfy({ $0 == axis || shape[$0] == first[$0] })
    else {
      throw TensorError(
        operation, expected: "\(first) but for axis \(axis)", found: "\(shape)")
    }
    let (sum, overflow) = dims[axis].addingReportingOverflow(shape[axis])
    dims[axis] = overflow ? Int.max : sum
  }
  return try Shape(computed: dims, in: operation)
}

extension Tensor {
  /// Adds each element of `part`, which has the view's shape, to the element that the view looks at.
  public mutating func add(_ part: Tensor, through view: StridedView) {
    precondition(part.shape == view.shape, "\(part.shape) through a view of \(view.shape)")
    let walk = StridedWalk(view.shape, a: view.strides, b: view.shape.strides)
    withMutableElements { out in
      part.withElements { part in
        for run in walk.runs {
          let to = view.offset + run.a
          for i in 0..<walk.run { out[to + i * walk.stepA] += part[run.position + i] }
        }
      }
    }
  }
}
