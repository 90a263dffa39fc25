import Glibc
import Masks
public import TensorCore

/// What is left of a divided by b, broadcast: with the sign of b as in Python, or with `fmod` = 1 with
/// that of a as in C; floats only so.
public struct Mod: BroadcastingOperator {
  public static let opType = "Mod"
  public static let schema = OperatorSchema(
    since: 10,
    attributes: [
      .flag("fmod", since: 10)
    ],
    inputs: .init(
      repeating: .init([10: [.floats, .integers], 13: [.floats, .integers, .bfloat16]]), count: 2))
  private let isOfC: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    isOfC = try node.int("fmod", default: 0) != 0
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (a, b) = (try inputs.required(0), try inputs.required(1))
    guard a.type == b.type, a.type == .int64 || (a.type == .float32 && isOfC) else {
      throw TensorError(
        "Mod", expected: "two whole numbers, or with fmod two floats",
        found: "\(a.type) and \(b.type)")
    }
    return [ValueInfo(try Broadcast(a.shape, b.shape, in: "Mod").shape, type: a.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    if case .float32(let a) = try inputs.required(0) {
      let b = try inputs.tensor(1)
      return [.float32(try Broadcast(a.shape, b.shape, in: "Mod").map(a, b) { fmodf($0, $1) })]
    }
    let (a, b) = (try inputs.integers(0), try inputs.integers(1))
    guard a.count == 0 || !b.elements.contains(0) else {
      throw TensorError(
        "Mod", expected: "whole numbers other than 0 to divide by", found: "0")
    }
    let isUnsigned = context.integers == .uint64
    return [
      .int64(
        try Broadcast(a.shape, b.shape, in: "Mod").map(a, b) { a, b in
          if isUnsigned {
            return Int64(bitPattern: UInt64(bitPattern: a) % UInt64(bitPattern: b))
          }
          let rest = a.remainderReportingOverflow(dividingBy: b).partialValue
          return isOfC || rest == 0 || (rest < 0) == (b < 0) ? rest : rest &+ b
        })
    ]
  }

  /// 1 by a, and −⌊a/b⌋ towards 0 by b.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(1) else { return pass.none }
    let (a, b) = (try pass.inputs.tensor(0), try pass.inputs.tensor(1))
    let broadcast = try Broadcast(a.shape, b.shape, in: "Mod")
    let g = try pass.takeGradient()
    var all = pass.none
    if pass.wants(0) { all[0] = try Reduction.sum(g, to: a.shape, in: "Mod") }
    if pass.wants(1) {
      var own = broadcast.map(a, b) { -($0 / $1).rounded(.towardZero) }
      own.changeChunks(reading: g) { own, g in
        // Where nothing flows there is nothing, however often b fits in.
        for i in own.indices { own[i] = g[i] == 0 ? 0 : own[i] * g[i] }
      }
      all[1] = try Reduction.sum(own, to: b.shape, in: "Mod")
    }
    return all
  }
}
