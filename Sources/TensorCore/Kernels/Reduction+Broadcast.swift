extension Reduction {
  /// The sum over the axes along which an array of `target` is repeated when it broadcasts to the
  /// shape of x: what a gradient becomes on its way back through a broadcast.
  ///
  /// Added up in double precision, in an order that follows from the shapes alone.
  /// - Throws: `TensorError` where `target` does not broadcast to the shape of x.
  public static func sum(
    _ x: Tensor, to target: Shape, in operation: String
  ) throws(TensorError) -> Tensor {
    if x.shape == target { return x }
    _ = try StridedView.broadcasting(target, to: x.shape, in: operation)
    if x.count == target.count { return try x.reshaped(to: target) }
    let walk = StridedWalk(x.shape, a: x.shape.strides, b: target.strides(over: x.shape))
    let plan = BroadcastSum(walk: walk, sums: target.count)
    var parts = [Double](repeating: 0, count: plan.parts * target.count)
    parts.withUnsafeMutableBufferPointer { parts in
      x.withElements { x in
        guard let from = x.baseAddress, let to = parts.baseAddress else { return }
        nonisolated(unsafe) let (x, sums) = (from, to)
        Parallel.run(tasks: plan.parts) { plan.add(part: $0, of: x, to: sums) }
      }
    }
    return Tensor(target) { out in
      for i in out.indices {
        var sum = 0.0
        for part in 0..<plan.parts { sum += parts[part * out.count + i] }
        out[i] = Float(sum)
      }
    }
  }

  /// The sum of elements that lie side by side. Sixteen sums run beside each other, or the loop
  /// would wait for each addition to end before the next begins.
  @inline(__always)
  static func sum(_ x: UnsafePointer<Float>, count: Int) -> Double {
    var (low, high) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
    let whole = count & ~15
    for i in stride(from: 0, to: whole, by: 16) {
      let at = UnsafeRawPointer(x + i)
      low += SIMD8<Double>(at.loadUnaligned(as: SIMD8<Float>.self))
      high += SIMD8<Double>(at.loadUnaligned(fromByteOffset: 32, as: SIMD8<Float>.self))
    }
    var sum = (low + high).sum()
    for i in whole..<count { sum += Double(x[i]) }
    return sum
  }
}

/// The parts in which a sum over a broadcast is worked out, side by side, each with sums of its own.
private struct BroadcastSum: Sendable {
  let walk: StridedWalk
  /// How many sums there are.
  let sums: Int
  /// How many parts; so few that adding them up costs little beside adding up their elements.
  let parts: Int

  init(walk: StridedWalk, sums: Int) {
    (self.walk, self.sums) = (walk, sums)
    parts = max(1, min(32, walk.count / (1 << 17), walk.count / (8 * max(1, sums))))
  }

  /// Adds the elements of one part to its sums.
  func add(part: Int, of x: UnsafePointer<Float>, to all: UnsafeMutablePointer<Double>) {
    let own = all + part * sums
    let step = walk.stepB
    let range = walk.count * part / parts..<walk.count * (part + 1) / parts
    walk.forEachRun(in: range) { run, count in
      let (from, to) = (x + run.a, own + run.b)
      switch step {
      case 0: to.pointee += Reduction.sum(from, count: count)
      case 1: for i in 0..<count { to[i] += Double(from[i]) }
      default: for i in 0..<count { to[i * step] += Double(from[i]) }
      }
    }
  }
}
