/// A linear map along one axis: each cell of the result is a sum of a few cells of the input, each with a
/// weight. Resizing is a map of this kind.
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

  /// How many cells the result has.
  public let count: Int
  /// The taps of a cell of the result, worked out when they are needed: an axis may be long. A cell
  /// without any takes the fill value.
  public let taps: @Sendable (Int) -> [Tap]

  /// A map to `count` cells with the taps that a function gives.
  public init(count: Int, _ taps: @escaping @Sendable (Int) -> [Tap]) {
    (self.count, self.taps) = (count, taps)
  }
}

/// Cells along one axis, each a copy of one or none: padding is of this kind. Of any element type.
public struct AxisPick: Sendable {
  /// How many cells the result has.
  public let count: Int
  /// Which cell of the input a cell of the result is; nil for the fill value.
  public let cell: @Sendable (Int) -> Int?

  /// A result of `count` cells, chosen by a function.
  public init(count: Int, _ cell: @escaping @Sendable (Int) -> Int?) {
    (self.count, self.cell) = (count, cell)
  }

  /// The same as sums of one cell each, which have a gradient.
  public var map: AxisMap {
    AxisMap(count: count) { [cell] in cell($0).map { [.init($0)] } ?? [] }
  }
}

extension NDArray where Element: BitwiseCopyable {
  /// The cells that are picked along an axis. Each must lie inside the axis.
  public func picked(_ pick: AxisPick, axis: Int, fill: Element) -> NDArray {
    let (outer, size, inner) = sides(of: axis)
    var dims = shape.dims
    dims[axis] = pick.count
    return withElements { x in
      NDArray(Shape(dims)) { out in
        guard let target = out.baseAddress, out.count > 0 else { return }
        // What has no cells is all fill value.
        let source = x.baseAddress ?? UnsafePointer(target)
        nonisolated(unsafe) let (from, to) = (source, target)
        let rows = Swift.max(1, elementwiseChunk / Swift.max(1, outer * inner))
        Parallel.run(tasks: (pick.count + rows - 1) / rows) { task in
          for index in task * rows..<Swift.min(pick.count, (task + 1) * rows) {
            let own = pick.cell(index)
            for row in 0..<outer {
              let cell = to + (row * pick.count + index) * inner
              guard let own else {
                cell.initialize(repeating: fill, count: inner)
                continue
              }
              cell.initialize(from: from + (row * size + own) * inner, count: inner)
            }
          }
        }
      }
    }
  }
}

extension NDArray {
  /// Elements before, along and behind an axis.
  fileprivate func sides(of axis: Int) -> (outer: Int, size: Int, inner: Int) {
    (shape.dims[..<axis].reduce(1, *), shape[axis], shape.dims[(axis + 1)...].reduce(1, *))
  }
}

extension Tensor {
  /// This array with an axis mapped. Every tap must lie inside the axis.
  public func mapped(_ map: AxisMap, axis: Int, fill: Float = 0) -> Tensor {
    let (outer, size, inner) = sides(of: axis)
    var dims = shape.dims
    dims[axis] = map.count
    return withElements { x in
      Tensor(Shape(dims)) { out in
        out.initialize(repeating: fill)
        guard let source = x.baseAddress, let target = out.baseAddress else { return }
        nonisolated(unsafe) let (from, to) = (source, target)
        let rows = Swift.max(1, elementwiseChunk / Swift.max(1, outer * inner))
        Parallel.run(tasks: (map.count + rows - 1) / rows) { task in
          for index in task * rows..<Swift.min(map.count, (task + 1) * rows) {
            let taps = map.taps(index)
            guard !taps.isEmpty else { continue }
            for row in 0..<outer {
              let cell = to + (row * map.count + index) * inner
              cell.update(repeating: 0, count: inner)
              for tap in taps {
                let own = from + (row * size + tap.index) * inner
                for i in 0..<inner { cell[i] += tap.weight * own[i] }
              }
            }
          }
        }
      }
    }
  }

  /// The gradient by the input of `mapped`, whose axis has `size` cells, this being the one by its
  /// result: the same weights backwards, in the order of the result's cells.
  public func unmapped(_ map: AxisMap, axis: Int, size: Int) -> Tensor {
    let (outer, rows, inner) = sides(of: axis)
    precondition(rows == map.count, "\(shape) along axis \(axis)")
    var dims = shape.dims
    dims[axis] = size
    return withElements { g in
      Tensor(Shape(dims)) { out in
        out.initialize(repeating: 0)
        guard let from = g.baseAddress, let to = out.baseAddress else { return }
        for index in 0..<rows {
          for tap in map.taps(index) {
            for row in 0..<outer {
              let (source, cell) = (
                from + (row * rows + index) * inner, to + (row * size + tap.index) * inner
              )
              for i in 0..<inner { cell[i] += tap.weight * source[i] }
            }
          }
        }
      }
    }
  }

  /// Elements before, along and behind an axis.
  private func sides(of axis: Int) -> (outer: Int, size: Int, inner: Int) {
    (shape.dims[..<axis].reduce(1, *), shape[axis], shape.dims[(axis + 1)...].reduce(1, *))
  }
}
