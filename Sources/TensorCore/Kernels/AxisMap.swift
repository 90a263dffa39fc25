/// A linear map along one axis: each cell of the result is a sum of a few cells of the input, each with a
/// weight. Resizing and padding are maps of this kind.
public struct AxisMap: Sendable {
  /// A cell of the input and its weight.
  public struct Tap: Hashable, Sendable {
    /// Where along the axis.
    public var index: Int
    /// Its share.
    public var weight: Float
    /// A cell with its weight.
    public init(_ index: Int, _ weight: Float = 1) { (self.index, self.weight) = (index, weight) }
  }

  /// The taps of each cell of the result; a cell without any takes the fill value.
  public let taps: [[Tap]]

  /// A map with the taps given.
  public init(_ taps: [[Tap]]) { self.taps = taps }

  /// Whether an axis of `size` cells stays as it is.
  func isIdentity(_ size: Int) -> Bool {
    taps.count == size && taps.indices.allSatisfy { taps[$0] == [Tap($0)] }
  }
}

extension Tensor {
  /// This array with an axis mapped. Every tap must lie inside the axis.
  public func mapped(_ map: AxisMap, axis: Int, fill: Float = 0) -> Tensor {
    if map.isIdentity(shape[axis]) { return self }
    let (outer, size, inner) = sides(of: axis)
    var dims = shape.dims
    dims[axis] = map.taps.count
    return withElements { x in
      Tensor(Shape(dims)) { out in
        guard let source = x.baseAddress, let target = out.baseAddress, inner > 0 else {
          out.initialize(repeating: fill)
          return
        }
        nonisolated(unsafe) let (from, to) = (source, target)
        let rows = map.taps.count
        Parallel.run(tasks: outer) { row in
          for (index, taps) in map.taps.enumerated() {
            let target = to + (row * rows + index) * inner
            target.initialize(repeating: taps.isEmpty ? fill : 0, count: inner)
            for tap in taps {
              let source = from + (row * size + tap.index) * inner
              for i in 0..<inner { target[i] += tap.weight * source[i] }
            }
          }
        }
      }
    }
  }

  /// The gradient by the input of `mapped`, whose axis has `size` cells, this being the one by its
  /// result: the same weights backwards.
  public func unmapped(_ map: AxisMap, axis: Int, size: Int) -> Tensor {
    if map.isIdentity(size) { return self }
    let (outer, rows, inner) = sides(of: axis)
    precondition(rows == map.taps.count, "\(shape) along axis \(axis)")
    var dims = shape.dims
    dims[axis] = size
    return withElements { g in
      Tensor(Shape(dims)) { out in
        out.initialize(repeating: 0)
        guard let source = g.baseAddress, let target = out.baseAddress else { return }
        nonisolated(unsafe) let (from, to) = (source, target)
        Parallel.run(tasks: outer) { row in
          for (index, taps) in map.taps.enumerated() {
            let source = from + (row * rows + index) * inner
            for tap in taps {
              let target = to + (row * size + tap.index) * inner
              for i in 0..<inner { target[i] += tap.weight * source[i] }
            }
          }
        }
      }
    }
  }

  /// Elements before, along and behind an axis.
  private func sides(of axis: Int) -> (outer: Int, size: Int, inner: Int) {
    (
      shape.dims[..<axis].reduce(1, *), shape[axis], shape.dims[(axis + 1)...].reduce(1, *)
    )
  }
}
