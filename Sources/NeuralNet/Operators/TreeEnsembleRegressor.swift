import Masks
public import TensorCore

/// Decision trees that give numbers, as converters of scikit-learn wrote them before TreeEnsemble: x `[N,F]` goes
/// down each of them to a leaf, and what the leaves weigh goes together for each target: `[N,n_targets]`.
public struct TreeEnsembleRegressor: ScoringOperator, TreeOperator {
  public static let opType = "TreeEnsembleRegressor"
  public static let domain = "ai.onnx.ml"
  public static let schema = OperatorSchema(
    attributes: DecisionTrees.attributes(weights: "target") + [
      .string("aggregate_function", of: TreeScores.Aggregate.words),
      .int("n_targets", in: 1 ... .max),
    ], inputs: [.init([1: .samples])])
  let scores: TreeScores
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

  func scored(_ x: UnsafeBufferPointer<Float>) -> [Float] {
    transform.apply(scores(x).adding(base: base))
  }
}
