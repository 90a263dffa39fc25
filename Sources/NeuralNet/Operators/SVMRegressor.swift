import Masks
public import TensorCore

/// A support vector machine that gives a number: Σ coefficient · kernel(x, vector) + ρ for each row of x `[N,F]`,
/// `[N,1]`; of a single class whether it is one of it, 1 or −1. Without vectors it is linear.
public struct SVMRegressor: ScoringOperator {
  public static let opType = "SVMRegressor"
  public static let domain = "ai.onnx.ml"
  public static let schema = OperatorSchema(
    attributes: [
      .other("coefficients", .floats), .other("kernel_params", .floats),
      .string("kernel_type", of: SupportVectors.kernelWords),
      .int("n_supports", in: 0 ... .max), .int("one_class", in: 0...1),
      .string("post_transform", of: ScoreTransform.words),
      .other("rho", .floats), .other("support_vectors", .floats),
    ], inputs: [.init([1: .samples])])
  /// Nil where the machine is linear.
  private let vectors: SupportVectors?
  private let coefficients: [Float]
  private let bias: Float
  private let isOfOneClass: Bool
  private let transform: ScoreTransform

  public init(_ node: NodeReader) throws(TensorError) {
    let count = try node.int("n_supports", default: 0)
    coefficients = try node.floats("coefficients") ?? []
    let bias = try node.floats("rho") ?? []
    guard !coefficients.isEmpty, count == 0 || count == coefficients.count, bias.count == 1 else {
      throw TensorError(
        Self.opType, expected: "a coefficient for each of \(count) vectors, and one rho",
        found: "\(coefficients.count), and \(bias.count)")
    }
    self.bias = bias[0]
    vectors = count == 0 ? nil : try SupportVectors(node, count: count)
    isOfOneClass = try node.int("one_class", default: 0) != 0
    transform = try ScoreTransform(node)
  }

  var features: Int { vectors?.features ?? coefficients.count }

  var columns: Int { 1 }

  func scored(_ x: UnsafeBufferPointer<Float>) -> [Float] {
    let near = vectors?.kernels(x) ?? x.map(Double.init)
    let sum = zip(near, coefficients).reduce(Double(bias)) { $0 + $1.0 * Double($1.1) }
    return isOfOneClass ? [sum > 0 ? 1 : -1] : transform.apply([Float(sum)])
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].shape[0].saturatingMultiplied(by: (vectors?.count ?? 1) * (features + 1))
  }
}
