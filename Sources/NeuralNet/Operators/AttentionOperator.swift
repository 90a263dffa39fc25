import Masks
public import TensorCore

/// softmax(Q·Kᵀ·scale + mask)·V by heads: Vaswani et al. 2017 (arXiv:1706.03762). Inputs Q, K, V, a mask of
/// truths (false takes no part) or of numbers that are added, past keys and values, and since opset 24 how
/// many keys of each sample count; outputs Y, the keys and values with the past before them, and one step on
/// the way. Several query heads may share one of keys and values.
/// https://onnx.ai/onnx/operators/onnx__Attention.html
public struct AttentionOperator: Operator {
  public static let opType = "Attention"
  public static let schema = OperatorSchema(
    since: 23,
    attributes: [
      .flag("is_causal", since: 23),
      .int("kv_num_heads", since: 23, in: 1 ... .max),
      .int("q_num_heads", since: 23, in: 1 ... .max),
      .int("qk_matmul_output_mode", since: 23, in: 0...3),
      .float("scale", since: 23),
      .float("softcap", since: 23),
      .int("softmax_precision", since: 23),
    ],
    inputs: [
      .init([.floats, .bfloat16]), .init([.floats, .bfloat16]), .init([.floats, .bfloat16]),
      .init([23: [.floats, .integers, .bfloat16, .bool]], optionalSince: 23),
      .init([23: [.floats, .bfloat16]], optionalSince: 23),
      .init([23: [.floats, .bfloat16]], optionalSince: 23), .init([24: .int64], optionalSince: 24),
    ],
    outputs: [23: 4])
  public static let role = OperatorRole.dense
  private let heads: (queries: Int, keys: Int)
  private let scale: Float?
  private let cap: Float
  private let isCausal: Bool
  private let mode: Int
  private let wanted: Int

  public init(_ node: NodeReader) throws(TensorError) {
    heads = (
      try node.int("q_num_heads", default: 0), try node.int("kv_num_heads", default: 0)
    )
    scale = node.has("scale") ? try node.float("scale", default: 1) : nil
    cap = try node.float("softcap", default: 0)
    isCausal = try node.int("is_causal", default: 0) != 0
    mode = try node.int("qk_matmul_output_mode", default: 0)
    wanted = node.node.outputs.lastIndex { !$0.isEmpty } ?? 0
    guard (0...3).contains(mode), heads.queries >= 0, heads.keys >= 0 else {
      throw TensorError(
        "Attention", expected: "a mode from 0 to 3, heads of 1 or more",
        found: "mode \(mode), \(heads.queries) and \(heads.keys) heads")
    }
  }

  private struct Sizes {
    var (queries, keys, values): (AttentionHeads, AttentionHeads, AttentionHeads)
    var past: Int
    /// Keys and values with the past.
    var total: Int
    var scores: Shape
    var output: AttentionHeads
  }

  private func sizes(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> Sizes {
    let q = try AttentionHeads(try inputs.tensor(0), heads: heads.queries, in: "Attention")
    let k = try AttentionHeads(try inputs.tensor(1), heads: heads.keys, in: "Attention")
    let v = try AttentionHeads(try inputs.tensor(2), heads: heads.keys, in: "Attention")
    guard q.shape.rank == k.shape.rank, k.shape.rank == v.shape.rank, q.samples == k.samples,
      k.samples == v.samples, q.size == k.size, k.length == v.length, k.heads == v.heads,
      k.heads > 0, q.heads % k.heads == 0
    else {
      throw TensorError(
        "Attention", expected: "queries, keys and values that go together",
        found: "\(q.shape), \(k.shape) and \(v.shape)")
    }
    var past = 0
    if inputs.optional(4) != nil || inputs.optional(5) != nil {
      let (key, value) = (try inputs.tensor(4), try inputs.tensor(5))
      past = key.rank == 4 ? key[2] : 0
      guard key.dims == [k.samples, k.heads, past, k.size],
        value.dims == [k.samples, k.heads, past, v.size]
      else {
        throw TensorError(
          "Attention", expected: "past keys and values of \(k.heads) heads",
          found: "\(key) and \(value)")
      }
    }
    let (total, overflow) = past.addingReportingOverflow(k.length)
    let scores = try Shape(
      computed: [q.samples, q.heads, q.length, overflow ? .max : total], in: "Attention")
    if let mask = inputs.optional(3) {
      guard mask.type == .bool || mask.type == .float32, mask.shape.rank > 0,
        let last = mask.shape.dims.last, last <= total
      else {
        throw TensorError(
          "Attention", expected: "a mask of truths or floats for \(scores)",
          found: "\(mask.type) \(mask.shape)")
      }
      _ = try StridedView.broadcasting(
        try Shape(checking: mask.shape.dims.dropLast() + [total], in: "Attention"), to: scores,
        in: "Attention")
    }
    if inputs.optional(6) != nil, try inputs.whole(6).dims != [q.samples] {
      throw TensorError(
        "Attention", expected: "[\(q.samples)] for input 6", found: "\(try inputs.whole(6))")
    }
    let flat = [q.samples, q.length, q.heads.saturatingMultiplied(by: v.size)]
    let made = try Shape(
      computed: q.shape.rank == 3 ? flat : [q.samples, q.heads, q.length, v.size], in: "Attention")
    return Sizes(
      queries: q, keys: k, values: v, past: past, total: total, scores: scores,
      output: try AttentionHeads(made, heads: q.heads, in: "Attention"))
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let s = try sizes(inputs)
    let all = [
      ValueInfo(s.output.shape),
      ValueInfo(
        try Shape(computed: [s.keys.samples, s.keys.heads, s.total, s.keys.size], in: "Attention")),
      ValueInfo(
        try Shape(
          computed: [s.values.samples, s.values.heads, s.total, s.values.size], in: "Attention")),
      ValueInfo(s.scores),
    ]
    return Array(all.prefix(wanted + 1))
  }

  /// Samples and heads are those of all, tokens of Y those of Q, its features those of V.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    guard let s = try? sizes(inputs) else { return .unknown(outputs) }
    let isFlat = inputs.optional(0)?.shape.rank == 3
    let (sample, token, feature) = (0, isFlat ? 1 : 2, isFlat ? 2 : 3)
    /// An axis of inputs, and of the mask where it lies along one of the scores.
    func own(_ places: [(input: Int, axis: Int)], mask: Int? = nil) -> AxisRule.Origin {
      var all = places.filter { inputs.optional($0.input) != nil }
        .map { AxisRule.Place($0.input, $0.axis) }
      if let mask, let shape = inputs.optional(3)?.shape, mask >= 4 - shape.rank {
        all.append(.init(3, mask - (4 - shape.rank)))
      }
      return .axes(all)
    }
    let keyHeads = isFlat ? [(4, 1), (5, 1)] : [(1, 1), (2, 1), (4, 1), (5, 1)]
    let heads = (isFlat ? [] : [(0, 1)]) + (s.queries.heads == s.keys.heads ? keyHeads : [])
    let head = heads.isEmpty ? AxisRule.Origin.named(.head) : own(heads, mask: 1)
    let samples = own([(0, sample), (1, sample), (2, sample), (4, 0), (5, 0)], mask: 0)
    let queries = own([(0, token)], mask: 2)
    func present(_ input: Int, _ past: Int) -> [AxisRule.Origin] {
      [
        own([(input, sample), (past, 0)]),
        isFlat && inputs.optional(past) == nil
          ? .named(.head) : own((isFlat ? [] : [(input, 1)]) + [(past, 1)]),
        own([(input, token), (past, 2)]),
        isFlat ? .named(.feature) : own([(input, feature), (past, 3)]),
      ]
    }
    let y: [AxisRule.Origin] =
      isFlat
      ? [samples, queries, .named(.feature)] : [samples, head, queries, own([(2, 3), (5, 3)])]
    let scores = [samples, head, queries, own([(1, token), (4, 2)], mask: 3)]
    let reads: [Axis.Name?] = isFlat ? [.sample, nil, .feature] : [.sample, .head, nil, .feature]
    let expects: [Axis.Name?] = isFlat ? [nil, .token, nil] : [nil, nil, .token, nil]
    return AxisRule(
      reads: [0: reads, 1: reads, 2: reads], expects: [0: expects, 1: expects, 2: expects],
      outputs: Array([y, present(1, 4), present(2, 5), scores].prefix(outputs.count)))
  }

  /// What is added to the scores; nil where nothing is.
  private func bias(_ inputs: Inputs<Value>, _ s: Sizes) throws(TensorError) -> Tensor? {
    guard inputs.optional(3) != nil || isCausal || inputs.optional(6) != nil else { return nil }
    var bias = Tensor(s.scores, repeating: 0)
    if let mask = inputs.optional(3) {
      let numbers: Tensor
      switch mask {
      case .float32(let x): numbers = x
      case .bool(let x): numbers = x.map { $0 ? 0 : -.infinity }
      default: throw TensorError("Attention", expected: "a mask", found: "\(mask.type)")
      }
      let last = numbers.shape.rank - 1
      // Keys that the mask says nothing of take no part.
      let size = numbers.shape[last]
      let padded =
        size == s.total
        ? numbers
        : numbers.picked(
          AxisPick(count: s.total) { $0 < size ? $0 : nil }, axis: last, fill: -.infinity)
      bias = padded.gathered(try .broadcasting(padded.shape, to: s.scores, in: "Attention"))
    }
    let counts = inputs.optional(6) == nil ? nil : try inputs.integers(6).elements
    guard isCausal || counts != nil else { return bias }
    let (rows, columns) = (s.scores[2], s.scores[3])
    let each = s.scores[1] * rows * columns
    for i in 0..<bias.count {
      let (row, column) = (i / columns % rows, i % columns)
      let isBeyond = counts.map { Int64(column) >= $0[i / each] } ?? false
      if isBeyond || (isCausal && column > row + s.past) { bias[i] = -.infinity }
    }
    return bias
  }

  private func run(_ inputs: Inputs<Value>, _ s: Sizes) throws(TensorError) -> AttentionRun {
    var keys = s.keys.split(try inputs.tensor(1))
    var values = s.values.split(try inputs.tensor(2))
    if let past = try inputs.optionalTensor(4) {
      keys = try .concatenated([past, keys], axis: 2, in: "Attention")
      values = try .concatenated([try inputs.tensor(5), values], axis: 2, in: "Attention")
    }
    return try AttentionRun(
      queries: s.queries.split(try inputs.tensor(0)), keys: keys, values: values,
      bias: try bias(inputs, s), scale: scale ?? 1 / Float(max(1, s.queries.size)).squareRoot(),
      cap: cap)
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let s = try sizes(inputs.described)
    let run = try run(inputs, s)
    let step = [run.products, run.capped, run.masked, run.weights][mode]
    let all = [s.output.joined(run.output), run.keys, run.values, step]
    return all.prefix(wanted + 1).map { .float32($0) }
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    var all = pass.none
    guard all.indices.contains(where: pass.wants) else { return all }
    let s = try sizes(pass.inputs.described)
    let run = try run(pass.inputs, s)
    let given = pass.gradients
    let extra = given.count > 3 ? given[3] : nil
    var g = try run.gradients(s.output.split(try pass.takeGradient()), at: mode, extra)
    func adding(_ x: inout Tensor, _ index: Int) {
      guard index < given.count, let more = given[index] else { return }
      x.changeChunks(reading: more) { x, more in for i in x.indices { x[i] += more[i] } }
    }
    adding(&g.keys, 1)
    adding(&g.values, 2)
    /// The part of keys or values that is the past, or the present.
    func part(_ x: Tensor, from start: Int, count: Int) -> Tensor {
      let dims = [x.shape[0], x.shape[1], count, x.shape[3]]
      return x.gathered(
        StridedView(Shape(dims), offset: start * x.shape[3], strides: x.shape.strides))
    }
    if pass.wants(0) { all[0] = s.queries.joined(g.queries) }
    if pass.wants(1) { all[1] = s.keys.joined(part(g.keys, from: s.past, count: s.keys.length)) }
    if pass.wants(2) {
      all[2] = s.values.joined(part(g.values, from: s.past, count: s.keys.length))
    }
    if pass.wants(3) {
      let mask = try pass.inputs.tensor(3).shape
      let dims = mask.dims.dropLast() + [s.total]
      let wide = try Reduction.sum(g.bias, to: Shape(Array(dims)), in: "Attention")
      let size = mask[mask.rank - 1]
      all[3] = wide.unmapped(
        AxisPick(count: s.total) { $0 < size ? $0 : nil }.map, axis: mask.rank - 1, size: size)
    }
    if pass.wants(4) { all[4] = part(g.keys, from: 0, count: s.past) }
    if pass.wants(5) { all[5] = part(g.values, from: 0, count: s.past) }
    return all
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let s = try? sizes(inputs) else { return 0 }
    return s.scores.count.saturatingMultiplied(by: s.queries.size.saturatingAdding(s.values.size))
  }

  /// The scores, as often as they are changed, and keys and values for each head.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let s = try? sizes(inputs) else { return 0 }
    let width = s.keys.size.saturatingAdding(s.values.size)
    let keys = [s.queries.samples, s.queries.heads, s.total, width].reduce(4) {
      $0.saturatingMultiplied(by: $1)
    }
    return s.scores.bytes(of: 24).saturatingAdding(keys)
  }
}
