public import TensorCore

/// Mean, variance and sparsity of an activation, over all its elements.
public struct Moments: Equatable, Sendable {
  /// Σx / n.
  public let mean: Double
  /// Σ(x − mean)² / n: of the population, not of a sample.
  public let variance: Double
  /// The share of elements that are 0, 0 … 1.
  public let sparsity: Double

  /// Measures a tensor; an empty one has zeros throughout.
  public init(_ x: Tensor) {
    let count = Double(max(1, x.count))
    (mean, variance, sparsity) = x.withElements { x in
      nonisolated(unsafe) let x = x
      let sums = BlockSums.sum(elements: x.count) { range in
        var (sum, zeros) = (0.0, 0.0)
        for value in x[range] {
          sum += Double(value)
          zeros += value == 0 ? 1 : 0
        }
        return Sums(values: [sum, zeros, 0, 0, 0, 0, 0, 0])
      }
      let mean = sums.values[0] / count
      let squares = BlockSums.sum(elements: x.count) { range in
        var sum = 0.0
        for i in range { sum += (Double(x[i]) - mean) * (Double(x[i]) - mean) }
        return sum
      }
      return (mean, squares / count, sums.values[1] / count)
    }
  }
}

extension Moments {
  /// Whether the mean is nothing but what single precision leaves of numbers that cancel, as behind a layer
  /// normalisation: no more than 2⁻²³ of their root mean square.
  public var isOfMeanZero: Bool {
    abs(mean) <= Double(Float.ulpOfOne) * (mean * mean + variance).squareRoot()
  }
}

/// What dropout did to the moments: after / before.
public struct MomentRatios: Equatable, Sendable {
  /// Before dropout.
  public let before: Moments
  /// After it.
  public let after: Moments

  /// Compares an activation before and after dropout.
  public init(before: Tensor, after: Tensor) {
    (self.before, self.after) = (Moments(before), Moments(after))
  }

  /// The mean after, divided by the mean before; nil where that is nothing, or either is not finite.
  public var mean: Double? {
    before.isOfMeanZero ? nil : MomentRatios.ratio(after.mean, before.mean)
  }
  /// The variance after, divided by the variance before; nil where that is 0 or either is not finite.
  public var variance: Double? { MomentRatios.ratio(after.variance, before.variance) }

  private static func ratio(_ after: Double, _ before: Double) -> Double? {
    guard before != 0, before.isFinite, after.isFinite else { return nil }
    return after / before
  }
}
