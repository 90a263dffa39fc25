import Masks
public import TensorCore

/// Pairs of features of each head turned by the angles of their position, whose cosines and sines are inputs
/// 1 and 2: Su et al. 2021 (arXiv:2104.09864). X `[N,A,S,E]`, or `[N,S,A·E]` with `num_heads`; the pairs lie
/// side by side (`interleaved`) or half of the features apart. Input 3 gives each token's position, the row
/// of the tables.
public struct RotaryEmbedding: AxisKeepingOperator {
  public static let opType = "RotaryEmbedding"
  public static let schema = OperatorSchema(
    since: 23,
    attributes: [
      .flag("interleaved", since: 23),
      .int("num_heads", since: 23),
      .int("rotary_embedding_dim", since: 23),
    ],
    inputs: [
      .init([ElementTypes(.float16), .float32, .bfloat16]),
      .init([ElementTypes(.float16), .float32, .bfloat16]),
      .init([ElementTypes(.float16), .float32, .bfloat16]), .init([23: .int64], optionalSince: 23),
    ])
  private let (heads, width): (Int, Int)
  private let isInterleaved: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    heads = try node.int("num_heads", default: 0)
    width = try node.int("rotary_embedding_dim", default: 0)
    isInterleaved = try node.int("interleaved", default: 0) != 0
    guard heads >= 0, width >= 0 else {
      throw TensorError(
        "RotaryEmbedding", expected: "numbers of 0 or more", found: "\(heads) and \(width)")
    }
  }

  private func layout(
    _ inputs: Inputs<ValueInfo>
  ) throws(TensorError) -> (x: AttentionHeads, half: Int) {
    let x = try AttentionHeads(try inputs.tensor(0), heads: heads, in: "RotaryEmbedding")
    let width = width == 0 ? x.size : width
    let half = width / 2
    guard width % 2 == 0, width <= x.size else {
      throw TensorError(
        "RotaryEmbedding", expected: "an even number of at most \(x.size) features",
        found: "\(width)")
    }
    let (cosines, sines) = (try inputs.tensor(1), try inputs.tensor(2))
    let dims = inputs.optional(3) == nil ? [x.samples, x.length, half] : nil
    guard cosines == sines, cosines.dims == dims ?? [cosines.dims.first ?? 0, half] else {
      throw TensorError(
        "RotaryEmbedding", expected: "tables of \(half) columns", found: "\(cosines) and \(sines)")
    }
    if inputs.optional(3) != nil, try inputs.whole(3).dims != [x.samples, x.length] {
      throw TensorError(
        "RotaryEmbedding", expected: "a position for each token", found: "\(try inputs.whole(3))")
    }
    return (x, half)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try layout(inputs).x.shape)]
  }

  /// Calls `body` with the places of both numbers of every pair in `[N,A,S,E]`, and of its angle.
  private func forEachPair(
    _ inputs: Inputs<Value>, _ body: (_ first: Int, _ second: Int, _ angle: Int) -> Void
  ) throws(TensorError) {
    let (x, half) = try layout(inputs.described)
    let positions = inputs.optional(3) == nil ? nil : try inputs.integers(3)
    let rows = try inputs.tensor(1).shape[0]
    for sample in 0..<x.samples {
      for token in 0..<x.length {
        let place = sample * x.length + token
        var row = place
        if let positions {
          guard (0..<Int64(rows)).contains(positions[place]) else {
            throw TensorError(
              "RotaryEmbedding", expected: "positions from 0 to \(rows - 1)",
              found: "\(positions[place])")
          }
          row = Int(positions[place])
        }
        for head in 0..<x.heads {
          let start = ((sample * x.heads + head) * x.length + token) * x.size
          for pair in 0..<half {
            let first = start + (isInterleaved ? 2 * pair : pair)
            body(first, isInterleaved ? first + 1 : first + half, row * half + pair)
          }
        }
      }
    }
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try layout(inputs.described).x
    var y = x.split(try inputs.tensor(0))
    let (cosines, sines) = (try inputs.tensor(1), try inputs.tensor(2))
    try forEachPair(inputs) { first, second, angle in
      let (a, b, c, s) = (y[first], y[second], cosines[angle], sines[angle])
      y[first] = c * a - s * b
      y[second] = s * a + c * b
    }
    return [.float32(x.joined(y))]
  }

  /// X in another order.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].bytes
  }

  /// By x the turn back.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard (0...2).contains(where: pass.wants) else { return pass.none }
    var all = pass.none
    let heads = try layout(pass.inputs.described).x
    let x = heads.split(try pass.inputs.tensor(0))
    let (cosines, sines) = (try pass.inputs.tensor(1), try pass.inputs.tensor(2))
    let (inputs, wanted) = (pass.inputs, (0...2).map(pass.wants))
    var g = heads.split(try pass.takeGradient())
    var (byCosine, bySine) = (
      Tensor(cosines.shape, repeating: 0), Tensor(sines.shape, repeating: 0)
    )
    try forEachPair(inputs) { first, second, angle in
      let (a, b, c, s) = (g[first], g[second], cosines[angle], sines[angle])
      byCosine[angle] += a * x[first] + b * x[second]
      bySine[angle] += b * x[first] - a * x[second]
      g[first] = c * a + s * b
      g[second] = c * b - s * a
    }
    if wanted[0] { all[0] = heads.joined(g) }
    if wanted[1] { all[1] = byCosine }
    if wanted[2] { all[2] = bySine }
    return all
  }
}
