import Glibc
import Masks
public import TensorCore

/// A convolution of each channel that looks back only: X `[N,C,T]`, weights `[C,1,K]`, maybe a bias `[C]` and
/// the last K−1 numbers before the first, `[N,C,K−1]` (else zeros); with `activation` y·sigmoid(y). Beside it
/// comes the state for what follows. Gu and Dao 2023 (arXiv:2312.00752) before their state space.
public struct CausalConvWithState: Operator {
  public static let opType = "CausalConvWithState"
  public static let schema = OperatorSchema(
    since: 27,
    attributes: [.string("activation", since: 27, of: ["silu", "swish", "none"])],
    inputs: [
      .init([.float32, ElementTypes(.float16), .bfloat16]),
      .init([.float32, ElementTypes(.float16), .bfloat16]),
      .init([27: [.float32, ElementTypes(.float16), .bfloat16]], optionalSince: 27),
      .init([27: [.float32, ElementTypes(.float16), .bfloat16]], optionalSince: 27),
    ], outputs: [27: 2])
  public static var role: OperatorRole { .convolution }
  private let hasActivation: Bool
  private let wanted: Int

  public init(_ node: NodeReader) throws(TensorError) {
    let word = try node.string("activation", default: "none")
    guard ["silu", "swish", "none"].contains(word) else {
      throw TensorError(
        "CausalConvWithState activation", expected: "silu, swish or none", found: word)
    }
    hasActivation = word != "none"
    wanted = max(1, node.node.outputs.count)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (x, w) = (try inputs.tensor(0), try inputs.tensor(1))
    guard x.rank == 3, w.rank == 3, w[0] == x[1], w[1] == 1, w[2] > 0 else {
      throw TensorError(
        "CausalConvWithState", expected: "[N,C,T] and weights [C,1,K]", found: "\(x) and \(w)")
    }
    let state: Shape = [x[0], x[1], w[2] - 1]
    if inputs.optional(2) != nil, try inputs.tensor(2).dims != [x[1]] {
      throw TensorError(
        "CausalConvWithState", expected: "a bias [\(x[1])]", found: "\(try inputs.tensor(2))")
    }
    if inputs.optional(3) != nil, try inputs.tensor(3) != state {
      throw TensorError(
        "CausalConvWithState", expected: "a state \(state)", found: "\(try inputs.tensor(3))")
    }
    return Array([ValueInfo(x), ValueInfo(state)].prefix(wanted))
  }

  /// Samples, channels and times stay.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    let hasState = inputs.optional(3) != nil
    let sample = AxisRule.Origin.axes([.init(0, 0)] + (hasState ? [.init(3, 0)] : []))
    let bias: [AxisRule.Place] = inputs.optional(2) == nil ? [] : [.init(2, 0)]
    let channel = AxisRule.Origin.axes(
      [.init(0, 1), .init(1, 0)] + bias + (hasState ? [.init(3, 1)] : []))
    return AxisRule(
      reads: [0: [.sample, .channel, nil]],
      outputs: outputs.map { _ in [sample, channel, .axes([.init(0, 2)])] })
  }

  /// The state, then x, row by row: `[N,C,K−1+T]`.
  private func joined(_ inputs: Inputs<Value>) throws(TensorError) -> Tensor {
    let (x, w) = (try inputs.tensor(0), try inputs.tensor(1))
    let state: Shape = [x.shape[0], x.shape[1], w.shape[2] - 1]
    let before = try inputs.optionalTensor(3) ?? Tensor(state, repeating: 0)
    return try Tensor.concatenated([before, x], axis: 2, in: "CausalConvWithState")
  }

  /// What the convolution makes, before an activation.
  private func sums(_ all: Tensor, _ inputs: Inputs<Value>) throws(TensorError) -> Tensor {
    let (shape, w) = (try inputs.tensor(0).shape, try inputs.tensor(1))
    let bias = try inputs.optionalTensor(2)
    let (times, taps) = (shape[2], w.shape[2])
    return Tensor(shape) { y in
      for row in 0..<shape[0] * shape[1] {
        let channel = row % shape[1]
        for time in 0..<times {
          var sum = Double(bias?[channel] ?? 0)
          for tap in 0..<taps {
            sum +=
              Double(w[channel * taps + tap]) * Double(all[row * (times + taps - 1) + time + tap])
          }
          y[row * times + time] = Float(sum)
        }
      }
    }
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let made = try outputs(for: inputs.described)
    let all = try joined(inputs)
    var y = try sums(all, inputs)
    if hasActivation { y = y.map { $0 / (1 + expf(-$0)) } }
    guard made.count > 1 else { return [.float32(y)] }
    let (times, kept) = (y.shape[2], try inputs.tensor(1).shape[2] - 1)
    let state = all.gathered(
      StridedView(
        [y.shape[0], y.shape[1], kept], offset: times,
        strides: [y.shape[1] * (times + kept), times + kept, 1]))
    return [.float32(y), .float32(state)]
  }

  /// State and x together.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    2 * outputs[0].shape.bytes(of: MemoryLayout<Float>.stride)
      + (inputs.optional(1)?.shape.count ?? 0).saturatingMultiplied(by: 4)
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].shape.count.saturatingMultiplied(by: inputs.optional(1)?.shape.dims.last ?? 1)
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard (0..<pass.inputs.count).contains(where: pass.wants) else { return pass.none }
    var gradients = pass.none
    let inputs = pass.inputs
    let (all, w) = (try joined(inputs), try inputs.tensor(1))
    let wanted = (0..<inputs.count).map(pass.wants)
    let later = pass.gradients.count > 1 ? pass.gradients[1] : nil
    var g = try pass.takeGradient()
    if hasActivation {
      let z = try sums(all, inputs)
      for i in 0..<g.count {
        let gate = 1 / (1 + expf(-z[i]))
        g[i] *= gate * (1 + z[i] * (1 - gate))
      }
    }
    let (shape, taps) = (g.shape, w.shape[2])
    let (times, kept) = (shape[2], taps - 1)
    var byAll = [Double](repeating: 0, count: all.count)
    var byWeight = [Double](repeating: 0, count: w.count)
    var byBias = [Double](repeating: 0, count: shape[1])
    for row in 0..<shape[0] * shape[1] {
      let channel = row % shape[1]
      for time in 0..<times {
        let own = Double(g[row * times + time])
        byBias[channel] += own
        for tap in 0..<taps {
          let at = row * (times + kept) + time + tap
          byAll[at] += own * Double(w[channel * taps + tap])
          byWeight[channel * taps + tap] += own * Double(all[at])
        }
      }
      for place in 0..<kept {
        byAll[row * (times + kept) + times + place] += Double(later?[row * kept + place] ?? 0)
      }
    }
    func part(_ first: Int, _ count: Int) -> Tensor {
      Tensor(
        [shape[0], shape[1], count],
        (0..<shape[0] * shape[1]).flatMap { row in
          (0..<count).map { Float(byAll[row * (times + kept) + first + $0]) }
        })
    }
    if wanted[0] { gradients[0] = part(kept, times) }
    if wanted[1] { gradients[1] = Tensor(w.shape, byWeight.map { Float($0) }) }
    if wanted.count > 2, wanted[2] {
      gradients[2] = Tensor([shape[1]], byBias.map { Float($0) })
    }
    if wanted.count > 3, wanted[3] { gradients[3] = part(0, kept) }
    return gradients
  }
}
