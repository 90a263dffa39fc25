import TensorCore

/// What attention makes on its way, kept for the gradient. N samples, A heads, S queries, T keys.
struct AttentionRun: Sendable {
  /// `[N,A,S,E]`, `[N,K,T,E]` and `[N,K,T,V]`, the past before the present.
  var (queries, keys, values): (Tensor, Tensor, Tensor)
  /// Scaled products of queries and keys, `[N,A,S,T]`.
  var products: Tensor
  /// The same as softcap leaves them.
  var capped: Tensor
  /// With masks added.
  var masked: Tensor
  /// Their softmax.
  var weights: Tensor
  /// `[N,A,S,V]`.
  var output: Tensor
  let (scale, cap): (Float, Float)
  let times: Int

  init(
    queries: Tensor, keys: Tensor, values: Tensor, bias: Tensor?, scale: Float, cap: Float
  ) throws(TensorError) {
    (self.queries, self.keys, self.values) = (queries, keys, values)
    (self.scale, self.cap) = (scale, cap)
    times = keys.shape[1] == 0 ? 1 : queries.shape[1] / keys.shape[1]
    let turned = keys.repeatedHeads(times, turned: true)
    var scores = try StackedProduct(queries.shape, turned.shape, in: "Attention")
      .forward(queries, turned)
    scores.changeChunks { x in for i in x.indices { x[i] *= scale } }
    products = scores
    if cap > 0 {
      scores = ElementFunction.tanh(scores.map { $0 / cap }).map { $0 * cap }
    }
    capped = scores
    if let bias {
      scores.changeChunks(reading: bias) { x, bias in for i in x.indices { x[i] += bias[i] } }
    }
    masked = scores
    weights = scores.shape[3] == 0 ? scores : scores.softmax(along: 3)
    let each = values.repeatedHeads(times, turned: false)
    output = try StackedProduct(weights.shape, each.shape, in: "Attention").forward(weights, each)
  }

  /// The gradients by queries, keys, values and the sum that the masks are part of, from those by the output
  /// and by one of the steps on the way.
  func gradients(
    _ g: Tensor, at step: Int, _ extra: Tensor?
  ) throws(TensorError) -> (queries: Tensor, keys: Tensor, values: Tensor, bias: Tensor) {
    func adding(_ x: inout Tensor, ifAt own: Int) {
      guard own == step, let extra else { return }
      x.changeChunks(reading: extra) { x, g in for i in x.indices { x[i] += g[i] } }
    }
    let each = values.repeatedHeads(times, turned: false)
    let toWeights = try StackedProduct(weights.shape, each.shape, in: "Attention")
    var scores = toWeights.leftGradient(g, b: each, a: weights.shape)
    let values = try toWeights.rightGradient(g, a: weights, b: each.shape).summedHeads(times)
    adding(&scores, ifAt: 3)
    if scores.count > 0 { scores.becomeSoftmaxGradient(of: weights, along: 3) }
    adding(&scores, ifAt: 2)
    let bias = scores
    adding(&scores, ifAt: 1)
    if cap > 0 {
      let cap = cap
      scores.changeChunks(reading: capped) { x, y in
        for i in x.indices { x[i] *= 1 - (y[i] / cap) * (y[i] / cap) }
      }
    }
    adding(&scores, ifAt: 0)
    let scale = scale
    scores.changeChunks { x in for i in x.indices { x[i] *= scale } }
    let turned = keys.repeatedHeads(times, turned: true)
    let product = try StackedProduct(queries.shape, turned.shape, in: "Attention")
    let turnedKeys = product.rightGradient(scores, a: queries, b: turned.shape)
    let keys = turnedKeys.repeatedHeads(1, turned: true)
    return (
      product.leftGradient(scores, b: turned, a: queries.shape), try keys.summedHeads(times),
      values,
      bias
    )
  }
}
