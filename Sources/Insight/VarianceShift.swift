public import TensorCore

/// How much more the values that a batch normalisation reads vary in training, where dropout acts before
/// it, than at evaluation: what Li, Chen, Hu and Yang 2018 (arXiv:1801.05134) call the variance shift.
///
/// A channel of mean c and variance v becomes, under dropout that keeps q and scales by 1/q, one of variance
/// (v + c²)/q − c². Channels count by their variance: the ratio is of sums over channels, so that one that
/// hardly varies does not decide.
public struct VarianceShift: Equatable, Sendable {
  /// The variance with dropout over that without; 1 where nothing shifts.
  public let measured: Double
  /// The same by the formula for the dropout that acts on these very values, alone: others further up add to
  /// what is measured. Nil where none does.
  public let expected: Double?

  /// Compares a batch normalisation's input without dropout and with it.
  /// - Parameters:
  ///   - clean: `[N,C,…]` at evaluation
  ///   - dropped: the same in training, in the same shape
  ///   - keep: the share of its cells that dropout keeps; nil where it acts further up alone
  /// - Returns: nil where the values do not vary, or are no finite numbers.
  public init?(clean: Tensor, dropped: Tensor, keep: Double?) {
    precondition(clean.shape == dropped.shape && clean.shape.rank > 1, "\(clean.shape)")
    let (before, after) = (VarianceShift.moments(clean), VarianceShift.moments(dropped))
    let variance = before.reduce(0) { $0 + $1.variance }
    let shifted = after.reduce(0) { $0 + $1.variance }
    guard variance > 0, variance.isFinite, shifted.isFinite else { return nil }
    measured = shifted / variance
    expected = keep.flatMap { keep in
      guard keep > 0 else { return nil }
      let told = before.reduce(0) {
        $0 + ($1.variance + $1.mean * $1.mean) / keep - $1.mean * $1.mean
      }
      return told / variance
    }
  }

  /// Of each channel, over samples and cells: divided by the count, as batch normalisation does.
  private static func moments(_ x: Tensor) -> [Moments] {
    let (channels, inner) = (x.shape[1], x.shape.dims[2...].reduce(1, *))
    return x.withElements { x in
      (0..<channels).map { channel in
        let starts = stride(from: channel * inner, to: x.count, by: channels * inner)
        let cells = starts.flatMap { x[$0..<$0 + inner] }
        return Moments(Tensor([cells.count], cells))
      }
    }
  }
}
