import TensorCore

/// How attention lays out queries, keys and values: `[N,A,S,E]` as it is, or `[N,S,A·E]` with heads side by
/// side.
struct AttentionHeads: Sendable {
  let shape: Shape
  let heads: Int
  private let isFlat: Bool

  /// - Parameter heads: how many there are where they lie side by side; 0 where nobody says
  /// - Throws: `TensorError` where that does not fit.
  init(_ shape: Shape, heads: Int, in operation: String) throws(TensorError) {
    self.shape = shape
    isFlat = shape.rank == 3
    guard shape.rank == 4 || (isFlat && heads > 0 && shape[2] % heads == 0) else {
      throw TensorError(
        operation, expected: "[N,A,S,E], or [N,S,A·E] and a number of heads",
        found: "\(shape) with \(heads) heads")
    }
    self.heads = isFlat ? heads : shape[1]
  }

  var samples: Int { shape[0] }
  var length: Int { shape[isFlat ? 1 : 2] }
  var size: Int { isFlat ? shape[2] / heads : shape[3] }

  /// `[N,A,S,E]`.
  var apart: Shape { [samples, heads, length, size] }

  private var view: StridedView {
    let strides =
      isFlat
      ? [length * heads * size, size, heads * size, 1]
      : [heads * length * size, length * size, size, 1]
    return StridedView(apart, strides: strides)
  }

  /// The numbers as `[N,A,S,E]`.
  func split(_ x: Tensor) -> Tensor { isFlat ? x.gathered(view) : x }

  /// The same backwards.
  func joined(_ x: Tensor) -> Tensor {
    guard isFlat else { return x }
    var all = Tensor(shape, repeating: 0)
    all.add(x, through: view)
    return all
  }
}

extension Tensor {
  /// `[N,K,T,E]` with each head `times` times, `[N,K·times,T,E]`, and the last two axes turned or not.
  func repeatedHeads(_ times: Int, turned: Bool) -> Tensor {
    let (n, k, t, e) = (shape[0], shape[1], shape[2], shape[3])
    let strides = shape.strides
    let view = StridedView(
      turned ? [n, k, times, e, t] : [n, k, times, t, e],
      strides: [strides[0], strides[1], 0] + (turned ? [1, e] : [e, 1]))
    return gathered(view).laid(as: turned ? [n, k * times, e, t] : [n, k * times, t, e])
  }

  /// The sums over the heads that were one, `[N,K·times,T,E]` → `[N,K,T,E]`.
  func summedHeads(_ times: Int) throws(TensorError) -> Tensor {
    let (n, a, t, e) = (shape[0], shape[1], shape[2], shape[3])
    guard times > 1 else { return self }
    return try Reduction.sum(
      try reshaped(to: [n, a / times, times, t, e]), over: [2], keepingDims: false)
  }
}
