import Masks
public import TensorCore

/// Attention whose scores and shares go through bodies of the file's own: Q, K and V `[N,A,S,E]`, of which
/// several heads of Q may share one of K and V; y = prob_mod(softmax(score_mod(Q·Kᵀ·scale)))·V, the bodies'
/// numbers in the type that `softmax_precision` names.
public struct FlexAttention: BodyOperator {
  public static let opType = "FlexAttention"
  public static let domain = "ai.onnx.preview"
  public static let schema = OperatorSchema(
    attributes: [
      .other("prob_mod", .graph), .float("scale"), .other("score_mod", .graph),
      .int("softmax_precision"),
    ],
    inputs: .init(repeating: .init([.floats, .bfloat16]), count: 3))
  public let outer: OuterValues
  private let scale: Float?
  private let precision: ElementType?
  private let (scores, shares): (BodyRun?, BodyRun?)

  public init(_ node: NodeReader) throws(TensorError) {
    outer = OuterValues(node)
    scale = node.has("scale") ? try node.float("scale", default: 1) : nil
    precision = try node.elementType("softmax_precision")
    func body(_ name: String) throws(TensorError) -> BodyRun? {
      guard node.has(name) else { return nil }
      let body = try node.body(name)
      guard body.inputs.count == 1, body.graph.outputs.count == 1 else {
        throw TensorError(
          "FlexAttention \(name)", expected: "a body of one input and one output",
          found: "\(body.inputs.count) and \(body.graph.outputs.count)")
      }
      return BodyRun(body)
    }
    (scores, shares) = (try body("score_mod"), try body("prob_mod"))
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    var shapes: [Shape] = []
    for index in 0..<3 {
      let info = try inputs.required(index)
      guard info.type.isFloat, info.shape.rank == 4 else {
        throw TensorError(
          "FlexAttention", expected: "floats [N,A,S,E] for input \(index)",
          found: "\(info.type) \(info.shape)")
      }
      shapes.append(info.shape)
    }
    let (q, k, v) = (shapes[0], shapes[1], shapes[2])
    guard k[0] == q[0], k[3] == q[3], v.dims[..<3] == k.dims[..<3], k[1] > 0, q[1] % k[1] == 0
    else {
      throw TensorError(
        "FlexAttention", expected: "queries, keys and values [N,A,S,E] that go together",
        found: "\(q), \(k) and \(v)")
    }
    let shape = try Shape(computed: [q[0], q[1], q[2], v[3]], in: "FlexAttention")
    return [ValueInfo(shape, type: try inputs.required(0).type)]
  }

  /// Heads of keys or values, each as often as queries share it.
  private static func repeated(_ x: Tensor, heads: Int) -> Tensor {
    let shape = x.shape
    let shared = heads / shape[1]
    guard shared > 1 else { return x }
    let strides = shape.strides
    return x.gathered(
      StridedView(
        [shape[0], shape[1], shared, shape[2], shape[3]],
        strides: [strides[0], strides[1], 0, strides[2], strides[3]])
    ).laid(as: [shape[0], heads, shape[2], shape[3]])
  }

  private func changed(
    _ x: Tensor, by body: BodyRun?, _ inputs: Inputs<Value>, _ context: RunContext,
    work: inout Int
  ) throws(TensorError) -> Tensor {
    guard let body else { return x }
    let own = try Value(.float32(x), as: precision ?? .float32)
    let made = try body.run(
      body.plan(context, in: "FlexAttention"), [own], outer.named(inputs), context, work: &work,
      in: "FlexAttention")
    guard let y = made.first?.tensor, y.shape == x.shape else {
      throw TensorError(
        "FlexAttention", expected: "a body that keeps the shape \(x.shape)",
        found: made.first.map { "\($0.type) \($0.shape)" } ?? "nothing")
    }
    return y
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let made = try outputs(for: inputs.described)[0]
    let own = inputs.computed
    let (q, heads) = (try own.tensor(0), made.shape[1])
    let k = FlexAttention.repeated(try own.tensor(1), heads: heads)
    let v = FlexAttention.repeated(try own.tensor(2), heads: heads)
    let (rows, columns) = (q.shape[2], k.shape[2])
    let turned = k.gathered(try .transposing(k.shape, order: [0, 1, 3, 2]))
    let product = try StackedProduct(q.shape, turned.shape, in: "FlexAttention")
    try MemoryBudget.reserve(
      product.shape.bytes(of: 16), in: "FlexAttention", for: "its scores")
    let scale = scale ?? 1 / Float(max(1, q.shape[3])).squareRoot()
    var work = 0
    var scores = product.forward(q, turned).map { $0 * scale }
    scores = try changed(scores, by: self.scores, inputs, context, work: &work)
    var shares = columns == 0 ? scores : scores.softmax(along: 3)
    shares = try changed(shares, by: self.shares, inputs, context, work: &work)
    guard rows > 0 else { return [try Value(.float32(Tensor(made.shape, [])), as: made.type)] }
    let y = try StackedProduct(shares.shape, v.shape, in: "FlexAttention").forward(shares, v)
    return [try Value(.float32(y), as: made.type)]
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let q = inputs.optional(0)?.shape, let k = inputs.optional(1)?.shape, q.rank == 4,
      k.rank == 4
    else { return 0 }
    return outputs[0].shape.count.saturatingAdding(q.count).saturatingMultiplied(by: k[2])
  }
}
