public import TensorCore

/// One uniform in [0,1) for every independent unit of a mask. A unit is dropped exactly when its
/// u is below the rate, so moving the rate only adds or removes units, never reshuffles them.
public struct Field: Equatable, Sendable {
  /// The activation's axes with the field's sizes; an axis of size 1 is shared by all cells along it.
  public let units: Layout
  /// The uniforms, in the shape of `units`.
  public let u: Tensor

  /// Draws a field. Sample i of the batch uses the stream's sample + i, wherever the sample axis lies,
  /// so that a sample's field does not depend on the batch it is in; within a sample units take their
  /// numbers in row-major order of the other axes.
  public init(units: Layout, stream: RandomStream) {
    self.units = units
    let runs = units.sampleRuns
    let each = runs.count * runs.length
    u = Tensor(units.shape) { out in
      guard each > 0 else { return }
      guard runs.count > 1 else {
        for n in 0..<units.n {
          let own = UnsafeMutableBufferPointer(rebasing: out[n * each..<(n + 1) * each])
          stream.ofSample(n).fillUniforms(own)
        }
        return
      }
      withUnsafeTemporaryAllocation(of: Float.self, capacity: each) { own in
        for n in 0..<units.n {
          stream.ofSample(n).fillUniforms(own)
          for run in 0..<runs.count {
            let (from, to) = (run * runs.length, (run * units.n + n) * runs.length)
            for i in 0..<runs.length { out[to + i] = own[from + i] }
          }
        }
      }
    }
  }

  /// A field of given uniforms in the shape of `units`.
  public init(units: Layout, u: Tensor) {
    precondition(u.shape == units.shape, "field of \(units) with \(u.shape)")
    (self.units, self.u) = (units, u)
  }

  /// The uniform that decides over the element at a row-major offset of an activation of `layout`.
  public func uniform(at offset: Int, in layout: Layout) -> Float {
    var (rest, unit, distance) = (offset, 0, 1)
    for axis in layout.shape.dims.indices.reversed() {
      let (outer, place) = rest.quotientAndRemainder(dividingBy: layout.shape[axis])
      rest = outer
      if units.shape[axis] > 1 { unit += place * distance }
      distance *= units.shape[axis]
    }
    return u[unit]
  }

  /// The uniforms repeated along the shared axes until they have the activation's shape.
  public func expanded(to layout: Layout) -> Tensor {
    units.shape == layout.shape ? u : u.repeated(from: units, to: layout)
  }
}

extension NDArray {
  /// Repeats the cells of `units` along its axes of size 1 until they fill `layout`, which has the
  /// same axes. O(count).
  func repeated(from units: Layout, to layout: Layout) -> NDArray where Element: BitwiseCopyable {
    // Innermost first, with how far each goes in `units`: 0 where it is shared. Neighbours that are
    // both shared, or both not, are as good as one.
    var axes: [(size: Int, step: Int)] = []
    var distance = 1
    for (size, own) in zip(layout.shape.dims, units.shape.dims).reversed() where size != 1 {
      let step = own == 1 ? 0 : distance
      if let last = axes.last, (last.step == 0) == (step == 0) {
        axes[axes.count - 1].size *= size
      } else {
        axes.append((size, step))
      }
      distance *= own
    }
    let (run, step) = axes.first ?? (1, 1)
    let outer = Array(axes.dropFirst())
    return withElements { source in
      NDArray(layout.shape) { out in
        var places = [Int](repeating: 0, count: outer.count)
        var from = 0
        for start in stride(from: 0, to: out.count, by: max(1, run)) {
          let cells = UnsafeMutableBufferPointer(rebasing: out[start..<start + run])
          if step == 0 {
            cells.initialize(repeating: source[from])
          } else {
            for i in cells.indices { cells[i] = source[from + i] }
          }
          for axis in outer.indices {
            (places[axis], from) = (places[axis] + 1, from + outer[axis].step)
            if places[axis] < outer[axis].size { break }
            from -= places[axis] * outer[axis].step
            places[axis] = 0
          }
        }
      }
    }
  }
}
