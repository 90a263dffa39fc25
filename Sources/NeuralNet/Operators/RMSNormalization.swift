import Masks
public import TensorCore

/// The elements from dimension `axis` on divided by the root of their mean square, then × scale, which
/// broadcasts to x: Zhang and Sennrich 2019 (arXiv:1910.07467).
public struct RMSNormalization: AxisKeepingOperator {
  public static let opType = "RMSNormalization"
  public static let schema = OperatorSchema(
    since: 23,
    attributes: [
      .int("axis", since: 23),
      .float("epsilon", since: 23, in: 0 ... .infinity),
      .int("stash_type", since: 23),
    ],
    inputs: .init(repeating: .init([.floats, .bfloat16]), count: 2))
  public static let role = OperatorRole.normalization
  private let axis: Int
  private let epsilon: Float

  public init(_ node: NodeReader) throws(TensorError) {
    axis = try node.int("axis", default: -1)
    epsilon = try node.float("epsilon", default: 1e-5)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.tensor(0)
    _ = try x.axis(axis, in: "RMSNormalization")
    _ = try StridedView.broadcasting(try inputs.tensor(1), to: x, in: "RMSNormalization")
    return [ValueInfo(x)]
  }

  /// 1/√(mean of squares + epsilon) of each row, a row being what is normalised together.
  private func inverses(_ x: Tensor) throws(TensorError) -> [Float] {
    let from = try x.shape.axis(axis, in: "RMSNormalization")
    let squares = try Reduction.sum(x, over: Array(from..<x.shape.rank)) {
      Double($0) * Double($0)
    }
    let columns = Float(max(1, x.count / max(1, squares.count)))
    return squares.elements.map { 1 / ($0 / columns + epsilon).squareRoot() }
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    let (x, scale) = (try inputs.tensor(0), try laidOut(inputs))
    let inverses = try inverses(x)
    let columns = max(1, x.count / max(1, inverses.count))
    return [
      .float32(
        Tensor(x.shape) { y in
          x.withElements { x in
            scale.withElements { scale in
              for i in y.indices { y[i] = x[i] * inverses[i / columns] * scale[i] }
            }
          }
        })
    ]
  }

  private func laidOut(_ inputs: Inputs<Value>) throws(TensorError) -> Tensor {
    let (scale, x) = (try inputs.tensor(1), try inputs.tensor(0).shape)
    return scale.gathered(try .broadcasting(scale.shape, to: x, in: "RMSNormalization"))
  }

  /// The scale, laid out.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].bytes
  }

  /// With u = x·inverse and h = g·scale: inverse·(h − u·mean(h·u)) by x.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(1) else { return pass.none }
    let (x, scale) = (try pass.inputs.tensor(0), try laidOut(pass.inputs))
    let inverses = try inverses(x)
    let columns = max(1, x.count / max(1, inverses.count))
    var all = pass.none
    let g = try pass.takeGradient()
    if pass.wants(1) {
      let own = Tensor(x.shape, (0..<x.count).map { g[$0] * x[$0] * inverses[$0 / columns] })
      all[1] = try Reduction.sum(
        own, to: try pass.inputs.tensor(1).shape, in: "RMSNormalization")
    }
    if pass.wants(0) {
      var own = Tensor(x.shape, repeating: 0)
      for row in 0..<x.count / columns {
        let cells = row * columns..<(row + 1) * columns
        let inverse = inverses[row]
        let mean =
          cells.reduce(0.0) { $0 + Double(g[$1] * scale[$1]) * Double(x[$1] * inverse) }
          / Double(columns)
        for i in cells {
          own[i] = inverse * (g[i] * scale[i] - x[i] * inverse * Float(mean))
        }
      }
      all[0] = own
    }
    return all
  }
}

extension RMSNormalization: TrainableOperator {
  public var parameterInputs: [(input: Int, unitAxis: Int?)] { [(1, nil)] }
}
