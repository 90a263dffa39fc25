import Glibc
import Masks
public import TensorCore

/// y = aᵇ, broadcast as NumPy does, of a's type; either may be float32 or int64. Powers of whole numbers
/// wrap around as their products do.
public struct Pow: BroadcastingOperator {
  public static let opType = "Pow"
  public static let schema = OperatorSchema(
    attributes: [.int("axis", until: 6), .flag("broadcast", until: 6)],
    inputs: [
      .init([1: .floats, 12: [.floats, .int32, .int64], 13: [.floats, .bfloat16, .int32, .int64]]),
      .init([1: .floats, 12: [.floats, .integers], 15: [.floats, .integers, .bfloat16]]),
    ])
  private let broadcasting: BroadcastRule

  public init(_ node: NodeReader) throws(TensorError) { broadcasting = try BroadcastRule(node) }

  private func broadcast(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> Broadcast {
    let (a, b) = (try inputs.required(0), try inputs.required(1))
    guard a.type != .bool, b.type != .bool else {
      throw TensorError("Pow", expected: "numbers", found: "\(a.type) and \(b.type)")
    }
    return try broadcasting.broadcast(a.shape, b.shape, in: "Pow")
  }

  public func operands(_ inputs: Inputs<ValueInfo>) -> [Shape?] { broadcasting.operands(inputs) }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try broadcast(inputs).shape, type: try inputs.required(0).type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let broadcast = try broadcast(inputs.described)
    switch (try inputs.required(0), try inputs.required(1)) {
    case (.float32(let a), .float32(let b)):
      return [.float32(broadcast.map(a, b) { Pow.power($0, $1) })]
    case (.float32(let a), .int64(let b)):
      return [.float32(broadcast.map(a, b) { Pow.power($0, Float($1)) })]
    case (.int64(let a), .float32(let b)):
      return [.int64(broadcast.map(a, b) { Pow.whole(pow(Double($0), Double($1))) })]
    case (.int64(let a), .int64(let b)):
      return [.int64(broadcast.map(a, b) { Pow.power($0, $1) })]
    default: throw TensorError("Pow", expected: "numbers", found: "bool")
    }
  }

  /// Squares and roots are what models use most.
  private static func power(_ a: Float, _ b: Float) -> Float {
    b == 2 ? a * a : b == 0.5 && a >= 0 ? a.squareRoot() : powf(a, b)
  }

  /// By squaring; a negative power of a whole number other than ±1 is a fraction, so 0.
  private static func power(_ a: Int64, _ b: Int64) -> Int64 {
    guard b >= 0 else { return whole(pow(Double(a), Double(b))) }
    var (result, factor, rest): (Int64, Int64, Int64) = (1, a, b)
    while rest > 0 {
      if rest & 1 == 1 { result &*= factor }
      factor &*= factor
      rest >>= 1
    }
    return result
  }

  /// The whole number nearest to 0 from a power; what does not fit becomes the nearest that does.
  private static func whole(_ x: Double) -> Int64 {
    x.isNaN ? 0 : x >= 0x1p63 ? .max : x <= -0x1p63 ? .min : Int64(x)
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(1) else { return pass.none }
    let y = try pass.output(0)
    let a = try laidOut(0, pass), b = try laidOut(1, pass)
    let g = try pass.takeGradient()
    var all = pass.none
    if pass.wants(0) {
      let own = Tensor(y.shape, y.elements.indices.map { g[$0] * b[$0] * powf(a[$0], b[$0] - 1) })
      all[0] = try Reduction.sum(own, to: try pass.inputs.tensor(0).shape, in: "Pow")
    }
    if pass.wants(1) {
      let own = Tensor(
        y.shape, y.elements.indices.map { y[$0] == 0 ? 0 : g[$0] * y[$0] * logf(a[$0]) })
      all[1] = try Reduction.sum(own, to: try pass.inputs.tensor(1).shape, in: "Pow")
    }
    return all
  }

  /// An operand in the result's shape, as float32.
  private func laidOut(_ index: Int, _ pass: borrowing BackwardPass) throws(TensorError) -> Tensor {
    let operand: Tensor
    switch try pass.inputs.required(index) {
    case .float32(let x): operand = x
    case .int64(let x): operand = x.map { Float($0) }
    case .bool(let x): operand = x.map { $0 ? 1 : 0 }
    default: throw TensorError("Pow", expected: "numbers", found: "another type")
    }
    let shape = try pass.output(0).shape
    return operand.gathered(try .broadcasting(operand.shape, to: shape, in: "Pow"))
  }
}
