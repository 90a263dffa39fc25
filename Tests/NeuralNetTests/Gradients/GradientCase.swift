import Masks
import NeuralNet
import TensorCore

/// One use of an operator whose gradient is compared with finite differences.
struct GradientCase: Sendable {
  /// What is special about it.
  var what: String
  var opset = 13
  var attributes: [String: Attribute] = [:]
  var inputs: [Input]
  /// Names for this many outputs.
  var outputs = 1
  var context = RunContext()
  /// float32 inputs that have no gradient though they have influence: a ratio that masks are drawn by.
  var choosing: Set<Int> = []

  enum Input: Sendable {
    case missing
    case floats([Int], Draw)
    case ints([Int64])
    case grid([Int], [Int64])
    case bools([Int], every: Int)
  }

  /// How numbers are drawn.
  enum Draw: Sendable {
    case between(Float, Float)
    /// −1 … 1, but not as near to one of these that a step could cross it.
    case awayFrom([Float])
    /// Numbers of which no two are so near that a step could change their order.
    case distinct
  }
}

extension GradientCase {
  func node(_ opType: String) -> Node {
    Node(
      opType,
      inputs: inputs.enumerated().map { index, input in
        if case .missing = input { "" } else { "x\(index)" }
      },
      outputs: (0..<outputs).map { "y\($0)" }, attributes: attributes)
  }

  func values() -> [Value?] {
    inputs.enumerated().map { index, input in
      switch input {
      case .missing: nil
      case .ints(let numbers): .int64(NDArray([numbers.count], numbers))
      case .grid(let dims, let numbers): .int64(NDArray(Shape(dims), numbers))
      case .bools(let dims, let every):
        .bool(NDArray(Shape(dims), (0..<Shape(dims).count).map { $0 % every == 0 }))
      case .floats(let dims, let draw): .float32(draw.tensor(Shape(dims), seed: UInt64(index) + 1))
      }
    }
  }
}

extension GradientCase.Draw {
  func tensor(_ shape: Shape, seed: UInt64) -> Tensor {
    let stream = RandomStream(seed: seed, site: 77)
    let u = (0..<shape.count).map { stream.uniform(at: $0) }
    switch self {
    case .between(let low, let high):
      return Tensor(shape, u.map { low + (high - low) * $0 })
    case .awayFrom(let kinks):
      return Tensor(
        shape,
        u.map { u in
          let x = 2 * u - 1
          guard let kink = kinks.first(where: { abs(x - $0) < 0.1 }) else { return x }
          return x < kink ? x - 0.1 : x + 0.1
        })
    case .distinct:
      let ranks = u.indices.sorted { (u[$0], $0) < (u[$1], $1) }
      var x = [Float](repeating: 0, count: u.count)
      for (rank, at) in ranks.enumerated() { x[at] = (Float(rank) - Float(u.count) / 2) / 8 }
      return Tensor(shape, x)
    }
  }
}

/// An operator with everything its gradient is tried on.
struct GradientTable: Sendable {
  /// How far inputs are moved to either side. Large where the operator is linear in each input, for
  /// then nothing but rounding is in the way; small where it is curved.
  var step: Float
  /// How far analytic and numeric gradient may be apart: absolute, and relative to the latter. What
  /// rounding makes of a forward pass in single precision, over twice the step; and step²/6 times the
  /// third derivative where it is curved.
  var tolerance: Double
  var cases: [GradientCase]
  /// One that is worked on in several parts: its gradient must not depend on the threads.
  var large: GradientCase?
}

/// A case with its operator made and run.
struct GradientRun {
  let operation: any NeuralNet.Operator
  let inputs: Inputs<Value>
  let context: RunContext
  let outputs: [Value]
  /// A random gradient by output 0.
  let cotangent: Tensor?

  init(_ opType: String, _ item: GradientCase) throws {
    operation = try OperatorRegistry.standard.make(item.node(opType), opset: item.opset)
    inputs = Inputs(opType, item.values())
    context = item.context
    outputs = try operation.forward(inputs, context)
    if case .float32(let y) = outputs[0] {
      cotangent = GradientCase.Draw.between(-1, 1).tensor(y.shape, seed: 99)
    } else {
      cotangent = nil
    }
  }

  /// The float32 inputs, by position.
  var differentiable: [Int] { (0..<inputs.count).filter { inputs.optional($0)?.type == .float32 } }

  func backward(wanted: some Sequence<Int>, cotangent: Tensor?) throws -> [Tensor?] {
    try operation.backward(
      BackwardPass(
        inputs: inputs, outputs: outputs,
        gradients: [cotangent] + [Tensor?](repeating: nil, count: outputs.count - 1),
        wanted: Set(wanted)))
  }

  /// By central differences, summed in double precision against the cotangent.
  func numeric(_ index: Int, step: Float) throws -> [Double] {
    let x = try inputs.tensor(index)
    return try (0..<x.count).map { at in
      func moved(by step: Float) throws -> (x: Float, y: Tensor) {
        var own = (0..<inputs.count).map { inputs.optional($0) }
        var moved = x
        moved[at] += step
        own[index] = .float32(moved)
        let result = try operation.forward(Inputs(inputs.opType, own), context)[0]
        guard case .float32(let y) = result else { return (moved[at], Tensor([0], [])) }
        return (moved[at], y)
      }
      let (low, high) = (try moved(by: -step), try moved(by: step))
      var sum = 0.0
      for i in 0..<high.y.count {
        sum += Double(cotangent?[i] ?? 0) * (Double(high.y[i]) - Double(low.y[i]))
      }
      return sum / (Double(high.x) - Double(low.x))
    }
  }
}
