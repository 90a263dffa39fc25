internal import CKernels
internal import Glibc

/// Sums, means and maxima along axes.
public enum Reduction {
  /// The shape after reducing `axes` of `shape`: sizes of 1 there, or no such dimensions at all.
  /// - Throws: `TensorError` where an axis does not exist.
  public static func shape(
    of shape: Shape, over axes: [Int], keepingDims: Bool, in operation: String = "reduction"
  ) throws(TensorError) -> Shape {
    let reduced = try resolve(axes, of: shape, in: operation)
    var dims: [Int] = []
    for (axis, size) in shape.dims.enumerated() {
      if !reduced.contains(axis) {
        dims.append(size)
      } else if keepingDims {
        dims.append(1)
      }
    }
    return Shape(dims)
  }

  /// The sum over `axes`, added up in double precision.
  /// - Throws: `TensorError` where an axis does not exist.
  public static func sum(
    _ x: Tensor, over axes: [Int], keepingDims: Bool = true
  ) throws(TensorError) -> Tensor {
    if let sums = try rows(x, axes, keepingDims, CK_SUM) { return sums }
    return try fold(x, axes, keepingDims, from: 0.0) {
      $0 + Double($1)
    } finish: { sum, _ in
      Float(sum)
    }
  }

  /// The mean over `axes`; NaN where there is nothing to average.
  /// - Throws: `TensorError` where an axis does not exist.
  public static func mean(
    _ x: Tensor, over axes: [Int], keepingDims: Bool = true
  ) throws(TensorError) -> Tensor {
    if let means = try rows(x, axes, keepingDims, CK_MEAN) { return means }
    return try fold(x, axes, keepingDims, from: 0.0) {
      $0 + Double($1)
    } finish: { sum, count in
      Float(sum / Double(count))
    }
  }

  /// The largest element over `axes`: NaN where there is one, −∞ where there is nothing.
  /// - Throws: `TensorError` where an axis does not exist.
  public static func max(
    _ x: Tensor, over axes: [Int], keepingDims: Bool = true
  ) throws(TensorError) -> Tensor {
    if let largest = try rows(x, axes, keepingDims, CK_LARGEST) { return largest }
    return try fold(x, axes, keepingDims, from: -Float.infinity) {
      larger($0, $1)
    } finish: { best, _ in
      best
    }
  }

  /// The smallest element over `axes`: NaN where there is one, ∞ where there is nothing.
  /// - Throws: `TensorError` where an axis does not exist.
  public static func min(
    _ x: Tensor, over axes: [Int], keepingDims: Bool = true
  ) throws(TensorError) -> Tensor {
    if let smallest = try rows(x, axes, keepingDims, CK_SMALLEST) { return smallest }
    return try fold(x, axes, keepingDims, from: Float.infinity) {
      $1 < $0 || $1 != $1 ? $1 : $0
    } finish: { best, _ in
      best
    }
  }

  /// The sum of what `term` makes of each number along axes, in double precision.
  /// - Throws: `TensorError` where an axis is none of x.
  public static func sum(
    _ x: Tensor, over axes: [Int], of term: (Float) -> Double
  ) throws(TensorError) -> Tensor {
    try fold(x, axes, true, from: 0.0) {
      $0 + term($1)
    } finish: { sum, _ in
      Float(sum)
    }
  }

  /// The product of the numbers along axes, in double precision; 1 of nothing.
  /// - Throws: `TensorError` where an axis is none of x.
  public static func product(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try fold(x, axes, true, from: 1.0) {
      $0 * Double($1)
    } finish: { product, _ in
      Float(product)
    }
  }

  /// ln Σeˣ along axes, without overflow on the way; −∞ of nothing.
  /// - Throws: `TensorError` where an axis is none of x.
  public static func logSumExp(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try fold(x, axes, true, from: ExponentialSum()) {
      $0.adding(Double($1))
    } finish: { sum, _ in
      Float(sum.logarithm)
    }
  }

  /// The larger of two numbers; a NaN stays once it is there, whichever side it comes from.
  @inline(__always)
  static func larger(_ best: Float, _ next: Float) -> Float {
    next > best || next != next ? next : best
  }

  /// What a kernel makes of the last axes; nil where others are reduced, which lie apart in memory.
  private static func rows(
    _ x: Tensor, _ axes: [Int], _ keepingDims: Bool, _ reduction: ck_reduction
  ) throws(TensorError) -> Tensor? {
    let reduced = try resolve(axes, of: x.shape, in: "reduction")
    let first = x.shape.dims.indices.first { reduced.contains($0) && x.shape[$0] != 1 } ?? 0
    let isLast = x.shape.dims.indices.dropFirst(first).allSatisfy {
      reduced.contains($0) || x.shape[$0] == 1
    }
    guard isLast, !reduced.isEmpty, x.count > 0 else { return nil }
    let shape = try shape(of: x.shape, over: axes, keepingDims: keepingDims)
    let columns = x.count / shape.count
    return Tensor(shape) { out in
      x.withElements { x in
        nonisolated(unsafe) let (x, out) = (x.baseAddress!, out.baseAddress!)
        let part = Swift.max(1, elementwiseChunk / 2 / columns)
        let rows = shape.count
        Parallel.run(tasks: (rows + part - 1) / part) { task in
          ck_reduce_rows(
            ck_chosen(), reduction, x, columns, out, task * part,
            Swift.min(rows, (task + 1) * part))
        }
      }
    }
  }

  private static func resolve(
    _ axes: [Int], of shape: Shape, in operation: String
  ) throws(TensorError) -> Set<Int> {
    var reduced: Set<Int> = []
    for axis in axes { reduced.insert(try shape.axis(axis, in: operation)) }
    return reduced
  }

  @inline(__always)
  private static func fold<Partial: BitwiseCopyable & Sendable>(
    _ x: Tensor, _ axes: [Int], _ keepingDims: Bool, from start: Partial,
    _ step: (Partial, Float) -> Partial, finish: (Partial, Int) -> Float
  ) throws(TensorError) -> Tensor {
    let kept = try shape(of: x.shape, over: axes, keepingDims: true)
    let walk = StridedWalk(x.shape, a: x.shape.strides, b: kept.strides(over: x.shape))
    var parts = [Partial](repeating: start, count: kept.count)
    parts.withUnsafeMutableBufferPointer { parts in
      x.withElements { x in
        for start in walk.runs {
          let (from, to) = (start.a, start.b)
          if walk.stepB == 0 {
            var part = parts[to]
            for i in from..<from + walk.run { part = step(part, x[i]) }
            parts[to] = part
          } else {
            for i in 0..<walk.run { parts[to + i] = step(parts[to + i], x[from + i]) }
          }
        }
      }
    }
    let each = kept.count == 0 ? 0 : x.count / kept.count
    let result = Tensor(kept, parts.map { finish($0, each) })
    return keepingDims
      ? result
      : try result.reshaped(to: try shape(of: x.shape, over: axes, keepingDims: false))
  }
}

/// A sum of exponentials as e^largest · sum.
private struct ExponentialSum: BitwiseCopyable, Sendable {
  var largest = -Double.infinity
  var sum = 0.0

  func adding(_ x: Double) -> ExponentialSum {
    if x == largest { return ExponentialSum(largest: x, sum: x == -.infinity ? 0 : sum + 1) }
    if x > largest { return ExponentialSum(largest: x, sum: sum * exp(largest - x) + 1) }
    return ExponentialSum(largest: largest, sum: sum + (x == -.infinity ? 0 : exp(x - largest)))
  }

  var logarithm: Double { sum == 0 ? -.infinity : largest + log(sum) }
}
