import Masks
public import TensorCore

/// Decision trees that give numbers, as converters of scikit-learn wrote them before TreeEnsemble: x `[N,F]` goes
/// down each of them to a leaf, and what the leaves weigh goes together for each target: `[N,n_targets]`.
public struct TreeEnsembleRegressor: SampleOperator {
  public static let opType = "TreeEnsembleRegressor"
  public static let domain = "ai.onnx.ml"
  public static let schema = OperatorSchema(
    attributes: DecisionTrees.attributes(weights: "target") + [
      .string("aggregate_function", of: TreeScores.Aggregate.words),
      .int("n_targets", in: 1 ... .max),
    ], inputs: [.init([1: .samples])])
  private let scores: TreeScores
  private let base: [Float]
  private let transform: ScoreTransform

  public init(_ node: NodeReader) throws(TensorError) {
    let word = try node.string("aggregate_function", default: "SUM")
    guard
      let aggregate = TreeScores.Aggregate.words.firstIndex(of: word)
        .flatMap(TreeScores.Aggregate.init(rawValue:))
    else {
      throw TensorError(
        Self.opType, expected: TreeScores.Aggregate.words.joined(separator: ", "), found: word)
    }
    let targets = try node.int("n_targets", default: 1)
    scores = try TreeScores(
      DecisionTrees(named: node, weights: "target"), targets: targets, aggregate, in: Self.opType)
    base = try node.baseValues(of: targets)
    transform = try ScoreTransform(node)
  }

  var features: Int { scores.trees.features }
  static var takesMoreFeatures: Bool { true }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try Shape(computed: [samples(inputs), scores.targets], in: Self.opType))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let made = try each(inputs) { transform.apply(scores($0).adding(base: base)) }
    return [.float32(Tensor([made.count, scores.targets], made.flatMap { $0 }))]
  }

  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    scores.scratchBytes
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    scores.multiplyAdds(samples: outputs[0].shape[0])
  }
}
