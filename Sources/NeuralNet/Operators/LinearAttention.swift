import Glibc
import Masks
public import TensorCore

/// Attention by a state instead of scores: for each head a matrix S `[K,V]` that every token changes and its
/// query reads, o = scale·Sᵀq. Queries, keys and values `[N,T,heads·size]`; several query heads may share one
/// of keys and values. `update_rule` says how S goes on (Katharopoulos et al. 2020, arXiv:2006.16236; Yang et
/// al. 2024, arXiv:2412.06464):
///
/// - `linear`: S + k⊗v
/// - `gated`: D·S + k⊗v
/// - `delta`: S + β·k⊗(v − Sᵀk)
/// - `gated_delta`: D·S + β·k⊗(v − (D·S)ᵀk)
///
/// with D = e^decay for each head or each row of its S. Beside it comes S after the last token.
public struct LinearAttention: Operator {
  public static let opType = "LinearAttention"
  private static let own: ElementTypes = [.float32, ElementTypes(.float16), .bfloat16]
  public static let schema = OperatorSchema(
    since: 27,
    attributes: [
      .int("chunk_size", since: 27), .int("kv_num_heads", since: 27, required: true),
      .int("q_num_heads", since: 27, required: true), .float("scale", since: 27),
      .string(
        "update_rule", since: 27, of: ["linear", "gated", "delta", "gated_delta"]),
    ],
    inputs: [
      .init(own), .init(own), .init(own), .init([27: own], optionalSince: 27),
      .init([27: own], optionalSince: 27), .init([27: own], optionalSince: 27),
    ], outputs: [27: 2])
  private let (queryHeads, heads): (Int, Int)
  private let scale: Float
  private let (isGated, isDelta): (Bool, Bool)
  private let wanted: Int

  public init(_ node: NodeReader) throws(TensorError) {
    heads = try node.int("kv_num_heads", default: 0)
    queryHeads = try node.int("q_num_heads", default: 0)
    scale = try node.float("scale", default: 0)
    let rule = try node.string("update_rule", default: "gated_delta")
    guard heads > 0, queryHeads > 0, queryHeads % heads == 0,
      ["linear", "gated", "delta", "gated_delta"].contains(rule)
    else {
      throw TensorError(
        "LinearAttention", expected: "an update rule, and query heads that share those of keys",
        found: "\(rule), \(queryHeads) and \(heads)")
    }
    (isGated, isDelta) = (rule.hasPrefix("gated"), rule.hasSuffix("delta"))
    wanted = max(1, node.node.outputs.count)
  }

  private struct Layout {
    var samples, times, keys, values: Int
    /// Whether each row of a state has a decay of its own.
    var isByRow: Bool
    /// Whether all heads of a token share one β.
    var sharesRate: Bool
  }

  private func layout(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> Layout {
    let (q, k, v) = (try inputs.tensor(0), try inputs.tensor(1), try inputs.tensor(2))
    guard q.rank == 3, k.rank == 3, v.rank == 3, k.dims[..<2] == q.dims[..<2],
      v.dims[..<2] == q.dims[..<2], k[2] % heads == 0, v[2] % heads == 0,
      q[2] == (k[2] / heads).saturatingMultiplied(by: queryHeads)
    else {
      throw TensorError(
        "LinearAttention", expected: "queries, keys and values [N,T,heads·size]",
        found: "\(q), \(k) and \(v)")
    }
    var own = Layout(
      samples: q[0], times: q[1], keys: k[2] / heads, values: v[2] / heads, isByRow: false,
      sharesRate: false)
    func check(_ index: Int, _ isNeeded: Bool, _ widths: [Int]) throws(TensorError) -> Int? {
      guard inputs.optional(index) != nil else {
        guard isNeeded else { return nil }
        throw TensorError("LinearAttention", expected: "an input \(index)", found: "none")
      }
      let shape = try inputs.tensor(index)
      guard shape.rank == 3, shape.dims[..<2] == q.dims[..<2], widths.contains(shape[2]) else {
        throw TensorError(
          "LinearAttention", expected: "[\(q[0]),\(q[1]),\(widths[0])] for input \(index)",
          found: "\(shape)")
      }
      return shape[2]
    }
    let state: Shape = [q[0], heads, own.keys, own.values]
    if inputs.optional(3) != nil, try inputs.tensor(3) != state {
      throw TensorError(
        "LinearAttention", expected: "a state \(state)", found: "\(try inputs.tensor(3))")
    }
    let decay = try check(4, isGated, [heads, heads * own.keys])
    own.isByRow = decay.map { $0 != heads } ?? false
    own.sharesRate = try check(5, isDelta, [heads, 1]).map { $0 != heads } ?? false
    return own
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let own = try layout(inputs)
    let made = try Shape(
      computed: [own.samples, own.times, queryHeads.saturatingMultiplied(by: own.values)],
      in: "LinearAttention")
    let state = try Shape(
      computed: [own.samples, heads, own.keys, own.values], in: "LinearAttention")
    return Array([ValueInfo(made), ValueInfo(state)].prefix(wanted))
  }

  /// Samples and times stay, features are those of the values where no head is shared, and a state's axes are
  /// those of the one before.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    guard let own = try? layout(inputs) else { return .unknown(outputs) }
    func origin(_ places: [(input: Int, axis: Int)]) -> AxisRule.Origin {
      let read = places.filter { inputs.optional($0.input) != nil }
      return read.isEmpty ? .unknown : .axes(read.map { .init($0.input, $0.axis) })
    }
    let tokens = [0, 1, 2, 4, 5]
    let sample = origin((tokens + [3]).map { ($0, 0) })
    let features = queryHeads == heads ? origin([(2, 2)]) : .unknown
    var byHead = [(3, 1)]
    if isGated, !own.isByRow { byHead.append((4, 2)) }
    if isDelta, !own.sharesRate { byHead.append((5, 2)) }
    let made = [sample, origin(tokens.map { ($0, 1) }), features]
    // A delta reads all rows of a state to change each.
    let state = [sample, origin(byHead), isDelta ? .unknown : origin([(3, 2)]), origin([(3, 3)])]
    return AxisRule(outputs: Array([made, state].prefix(outputs.count)))
  }

  /// What a token reads for a head, and the states it meets and leaves.
  private struct Step {
    var k: [Double]
    var decays: [Double]
    var rate: Double
    /// D·S, and v − (D·S)ᵀk or v.
    var decayed: [Double]
    var rest: [Double]
  }

  private struct Reading {
    let own: Layout
    let q, k, v: Tensor
    let decay, rate: Tensor?

    init(_ inputs: Inputs<Value>, _ own: Layout) throws(TensorError) {
      self.own = own
      (q, k, v) = (try inputs.tensor(0), try inputs.tensor(1), try inputs.tensor(2))
      (decay, rate) = (try inputs.optionalTensor(4), try inputs.optionalTensor(5))
    }

    func numbers(_ x: Tensor, _ token: Int, _ head: Int, _ size: Int) -> [Double] {
      let start = token * x.shape[2] + head * size
      return (0..<size).map { Double(x[start + $0]) }
    }
  }

  /// Goes through the tokens of a head of a sample.
  private func steps(
    _ reading: Reading, _ sample: Int, _ head: Int, _ first: [Double],
    _ body: (_ token: Int, _ step: Step, _ state: [Double]) -> Void
  ) -> [Double] {
    let own = reading.own
    var state = first
    for time in 0..<own.times {
      let token = sample * own.times + time
      let (k, v) = (
        reading.numbers(reading.k, token, head, own.keys),
        reading.numbers(reading.v, token, head, own.values)
      )
      var decays = [Double](repeating: 1, count: own.keys)
      if isGated, let decay = reading.decay {
        for row in 0..<own.keys {
          let at = own.isByRow ? head * own.keys + row : head
          decays[row] = exp(Double(decay[token * decay.shape[2] + at]))
        }
      }
      var rate = 1.0
      if isDelta, let given = reading.rate {
        rate = Double(given[token * given.shape[2] + (own.sharesRate ? 0 : head)])
      }
      var step = Step(
        k: k, decays: decays, rate: rate, decayed: state, rest: v)
      for row in 0..<own.keys {
        for column in 0..<own.values { step.decayed[row * own.values + column] *= decays[row] }
      }
      if isDelta {
        for row in 0..<own.keys {
          for column in 0..<own.values {
            step.rest[column] -= step.decayed[row * own.values + column] * k[row]
          }
        }
      }
      state = step.decayed
      for row in 0..<own.keys {
        for column in 0..<own.values {
          state[row * own.values + column] += rate * k[row] * step.rest[column]
        }
      }
      body(token, step, state)
    }
    return state
  }

  private func factor(_ own: Layout) -> Double {
    scale == 0 ? 1 / Double(max(1, own.keys)).squareRoot() : Double(scale)
  }

  private func first(_ state: Tensor?, _ index: Int, _ size: Int) -> [Double] {
    (0..<size).map { Double(state?[index * size + $0] ?? 0) }
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let own = try layout(inputs.described)
    let made = try outputs(for: inputs.described)
    let (reading, past) = (try Reading(inputs, own), try inputs.optionalTensor(3))
    var y = Tensor(made[0].shape, repeating: 0)
    let size = own.keys * own.values
    var last = Tensor([own.samples, heads, own.keys, own.values], repeating: 0)
    let (shared, factor) = (queryHeads / heads, factor(own))
    for index in 0..<own.samples * heads {
      let (sample, head) = (index / heads, index % heads)
      let end = steps(reading, sample, head, first(past, index, size)) { token, _, state in
        for query in head * shared..<(head + 1) * shared {
          let q = reading.numbers(reading.q, token, query, own.keys)
          let start = (token * queryHeads + query) * own.values
          for column in 0..<own.values {
            y[start + column] = Float(
              factor
                * (0..<own.keys).reduce(0.0) { $0 + q[$1] * state[$1 * own.values + column] })
          }
        }
      }
      for i in 0..<size { last[index * size + i] = Float(end[i]) }
    }
    return Array([.float32(y), .float32(last)].prefix(made.count))
  }

  /// Some states and a token's numbers.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let own = try? layout(inputs) else { return 0 }
    return own.keys.saturatingMultiplied(by: own.values).saturatingMultiplied(by: 8 * 8)
      .saturatingAdding(
        own.samples.saturatingMultiplied(by: heads)
          .saturatingMultiplied(by: own.keys.saturatingMultiplied(by: own.values))
          .saturatingMultiplied(by: 4))
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let own = try? layout(inputs) else { return 0 }
    return [own.times, heads + queryHeads, own.keys, own.values, 2].reduce(own.samples) {
      $0.saturatingMultiplied(by: $1)
    }
  }

  /// From the last token to the first, with the states of all kept.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard (0..<pass.inputs.count).contains(where: pass.wants) else { return pass.none }
    var all = pass.none
    let inputs = pass.inputs
    let own = try layout(inputs.described)
    let (reading, past) = (try Reading(inputs, own), try inputs.optionalTensor(3))
    let wanted = (0..<inputs.count).map(pass.wants)
    let later = pass.gradients.count > 1 ? pass.gradients[1] : nil
    let g = try pass.takeGradient()
    let size = own.keys * own.values
    let (shared, factor) = (queryHeads / heads, factor(own))
    var sums = try (0..<inputs.count).map { index throws(TensorError) in
      [Double](repeating: 0, count: try inputs.optionalTensor(index)?.count ?? 0)
    }
    for index in 0..<own.samples * heads {
      let (sample, head) = (index / heads, index % heads)
      var kept: [(token: Int, step: Step, state: [Double])] = []
      _ = steps(reading, sample, head, first(past, index, size)) { kept.append(($0, $1, $2)) }
      var ds = first(later, index, size)
      for (token, step, state) in kept.reversed() {
        let keyStart = token * reading.k.shape[2] + head * own.keys
        let valueStart = token * reading.v.shape[2] + head * own.values
        for query in head * shared..<(head + 1) * shared {
          let q = reading.numbers(reading.q, token, query, own.keys)
          let (from, to) = (
            (token * queryHeads + query) * own.values, (token * queryHeads + query) * own.keys
          )
          for row in 0..<own.keys {
            for column in 0..<own.values {
              let by = factor * Double(g[from + column])
              sums[0][to + row] += by * state[row * own.values + column]
              ds[row * own.values + column] += by * q[row]
            }
          }
        }
        var rest = [Double](repeating: 0, count: own.values)
        var rate = 0.0
        for row in 0..<own.keys {
          for column in 0..<own.values {
            let by = ds[row * own.values + column]
            rate += by * step.k[row] * step.rest[column]
            sums[1][keyStart + row] += step.rate * by * step.rest[column]
            rest[column] += step.rate * by * step.k[row]
          }
        }
        for column in 0..<own.values { sums[2][valueStart + column] += rest[column] }
        for row in 0..<own.keys {
          var decay = 0.0
          for column in 0..<own.values {
            let at = row * own.values + column
            if isDelta {
              sums[1][keyStart + row] -= step.decayed[at] * rest[column]
              ds[at] -= step.k[row] * rest[column]
            }
            decay += ds[at] * step.decayed[at]
            ds[at] *= step.decays[row]
          }
          guard isGated, let given = reading.decay else { continue }
          let at = own.isByRow ? head * own.keys + row : head
          sums[4][token * given.shape[2] + at] += decay
        }
        if isDelta, let given = reading.rate {
          sums[5][token * given.shape[2] + (own.sharesRate ? 0 : head)] += rate
        }
      }
      if past != nil { for i in 0..<size { sums[3][index * size + i] += ds[i] } }
    }
    for index in all.indices where wanted[index] {
      all[index] = Tensor(try inputs.tensor(index).shape, sums[index].map { Float($0) })
    }
    return all
  }
}
