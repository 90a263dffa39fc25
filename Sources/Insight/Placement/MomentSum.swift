import TensorCore

/// Mean and variance over the elements of many arrays of one shape.
public struct MomentSum: Equatable, Sendable {
  private var count = 0.0
  private var sum = 0.0
  private var squares = 0.0

  /// Moments of nothing yet.
  public init() {}

  /// Adds the elements of an array.
  mutating func add(_ x: Tensor) {
    count += Double(x.count)
    x.withElements { x in
      for value in x {
        sum += Double(value)
        squares += Double(value) * Double(value)
      }
    }
  }

  /// Adds what another holds.
  mutating func add(_ other: MomentSum) {
    count += other.count
    sum += other.sum
    squares += other.squares
  }

  /// Whether nothing was added.
  var isEmpty: Bool { count == 0 }

  /// Σx / n.
  public var mean: Double { sum / max(1, count) }
  /// Σ(x − mean)² / n.
  public var variance: Double { max(0, squares / max(1, count) - mean * mean) }
}
