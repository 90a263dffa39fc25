import Masks
public import TensorCore

/// y = x where x ≥ 0, else slope·x: He et al. 2015 (arXiv:1502.01852). The slope broadcasts to x; before
/// opset 7 it is one number, or one a channel.
public struct PRelu: BroadcastingOperator {
  public static let opType = "PRelu"
  public static let schema = OperatorSchema(
    attributes: [.ints("consumed_inputs", until: 5)],
    inputs: .init(
      repeating: .init([
        1: .floats, 9: [.floats, .wideIntegers], 16: [.floats, .wideIntegers, .bfloat16],
      ]), count: 2))
  public static let role = OperatorRole.activation
  private let isPerChannel: Bool

  public init(_ node: NodeReader) { isPerChannel = node.opset < 7 }

  /// The slope's shape as NumPy's rule lays it along x.
  private func laidOut(_ slope: Shape, _ x: Shape) throws(TensorError) -> Shape {
    let isChannel = isPerChannel && slope.rank == 1 && x.rank > 2 && slope.count != 1
    let shape = isChannel ? Shape(slope.dims + [Int](repeating: 1, count: x.rank - 2)) : slope
    guard try Broadcast(x, shape, in: "PRelu").shape == x else {
      throw TensorError("PRelu", expected: "a slope that broadcasts to \(x)", found: "\(slope)")
    }
    return shape
  }

  public func operands(_ inputs: Inputs<ValueInfo>) -> [Shape?] {
    guard let x = inputs.optional(0)?.shape, let slope = inputs.optional(1)?.shape else {
      return []
    }
    return [x, try? laidOut(slope, x)]
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.tensor(0)
    _ = try laidOut(try inputs.tensor(1), x)
    return [ValueInfo(x)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let (x, slope) = (try inputs.tensor(0), try inputs.tensor(1))
    let broadcast = try Broadcast(x.shape, try laidOut(slope.shape, x.shape), in: "PRelu")
    return [.float32(broadcast.map(x, slope) { $0 < 0 ? $0 * $1 : $0 })]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(1) else { return pass.none }
    let (x, slope) = (try pass.inputs.tensor(0), try pass.inputs.tensor(1))
    let shape = try laidOut(slope.shape, x.shape)
    var (g, all) = (try pass.takeGradient(), pass.none)
    if pass.wants(1) {
      var own = g
      own.changeChunks(reading: x) { g, x in for i in g.indices { g[i] *= min(x[i], 0) } }
      all[1] = try Reduction.sum(own, to: shape, in: "PRelu").reshaped(to: slope.shape)
    }
    if pass.wants(0) {
      let slopes = slope.gathered(try .broadcasting(shape, to: x.shape, in: "PRelu"))
      g.changeChunks(reading: x, slopes) { g, x, slope in
        for i in g.indices { g[i] = x[i] < 0 ? g[i] * slope[i] : g[i] }
      }
      all[0] = g
    }
    return all
  }
}

extension PRelu: TrainableOperator {
  public var parameterInputs: [(input: Int, unitAxis: Int?)] { [(1, nil)] }
}
