import Glibc
public import TensorCore

/// −t log σ(x) − (1 − t) log(1 − σ(x)), the mean over all numbers, for masks and for classes that do not
/// exclude one another. Its gradient is (σ(x) − t)/count: PyTorch's `BCEWithLogitsLoss`.
public struct BinaryCrossEntropy: Loss {
  /// The loss; it has no settings.
  public init() {}
  public let name = "bce"
  public let summary = "−log of the probability sigmoid gives what is right, at each number"
  public let contained: OutputFunction? = .sigmoid
  public let score = "Dice"

  public func evaluate(_ output: Tensor, _ targets: Targets) throws(TensorError) -> LossValue {
    let (wanted, samples) = try MaskOverlap.wanted(output, targets, in: name)
    var gradient = output
    let each = 1 / Float(output.count)
    let total = gradient.withMutableElements { x in
      wanted.withElements { t in
        x.indices.reduce(into: 0.0) { total, i in
          // log(1 + e^−|x|) does not overflow.
          let (logit, target) = (Double(x[i]), Double(t[i]))
          total += max(logit, 0) - logit * target + log1p(exp(-abs(logit)))
          x[i] = (Float(1 / (1 + exp(-logit))) - t[i]) * each
        }
      }
    }
    return LossValue(
      mean: total / Double(output.count), gradient: gradient,
      correct: MaskOverlap.dice(output, wanted, samples, threshold: 0), count: samples)
  }
}

/// 1 − (2Σpt + 1)/(Σp + Σt + 1) of each sample's probabilities, averaged: one less the overlap of what is
/// found and what is true. After Milletari et al. 2016 (arXiv:1606.04797), whose sums are of squares; the
/// ones keep it smooth where both are empty.
public struct DiceLoss: Loss {
  /// The loss; it has no settings.
  public init() {}
  public let name = "dice"
  public let summary = "1 less the overlap of the mask found and the true one (Milletari 2016)"
  public let contained: OutputFunction? = nil
  public let score = "Dice"

  public func evaluate(_ output: Tensor, _ targets: Targets) throws(TensorError) -> LossValue {
    let (wanted, samples) = try MaskOverlap.wanted(output, targets, in: name)
    let each = output.count / samples
    var gradient = output
    let total = gradient.withMutableElements { p in
      wanted.withElements { t in
        stride(from: 0, to: p.count, by: each).reduce(into: 0.0) { total, start in
          let cells = start..<start + each
          let shared = cells.reduce(1.0) { $0 + 2 * Double(p[$1]) * Double(t[$1]) }
          let sum = cells.reduce(1.0) { $0 + Double(p[$1]) + Double(t[$1]) }
          total += 1 - shared / sum
          let factor = 1 / (sum * sum * Double(samples))
          for i in cells { p[i] = Float((shared - 2 * Double(t[i]) * sum) * factor) }
        }
      }
    }
    return LossValue(
      mean: total / Double(samples), gradient: gradient,
      correct: MaskOverlap.dice(output, wanted, samples, threshold: 0.5), count: samples)
  }
}

/// How far masks overlap. Dice 1945: 2|A∩B|/(|A| + |B|).
public enum MaskOverlap {
  /// The sum over samples of the overlap of what lies above a threshold with what is wanted above ½; 1
  /// where both are empty.
  static func dice(
    _ output: Tensor, _ wanted: Tensor, _ samples: Int, threshold: Float
  ) -> Double {
    let each = output.count / max(1, samples)
    return output.withElements { p in
      wanted.withElements { t in
        (0..<samples).reduce(0.0) { sum, n in
          sum
            + dice(
              p[n * each..<(n + 1) * each].map { $0 > threshold },
              t[n * each..<(n + 1) * each].map { $0 > 0.5 })
        }
      }
    }
  }

  /// The overlap of two masks of one size, 0 to 1; 1 where both are empty.
  public static func dice(_ found: [Bool], _ wanted: [Bool]) -> Double {
    let shared = zip(found, wanted).count { $0 && $1 }
    let sum = found.count { $0 } + wanted.count { $0 }
    return sum == 0 ? 1 : 2 * Double(shared) / Double(sum)
  }

  /// The numbers wanted, and of how many samples.
  fileprivate static func wanted(
    _ output: Tensor, _ targets: Targets, in operation: String
  ) throws(TensorError) -> (Tensor, Int) {
    guard output.shape.rank > 1, output.count > 0 else {
      throw TensorError(operation, expected: "an output [N,…]", found: "\(output.shape)")
    }
    return (try targets.values(in: operation, shape: output.shape), output.shape[0])
  }
}
