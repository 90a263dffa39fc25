import Masks
public import TensorCore

/// Decision trees that tell classes apart, as converters of scikit-learn wrote them before TreeEnsemble: the
/// classes `[N]` of the rows of x `[N,F]`, and a score for each class `[N,classes]`, the sum of what the leaves
/// weigh that a row comes to.
public struct TreeEnsembleClassifier: ClassifyingOperator, TreeOperator {
  public static let opType = "TreeEnsembleClassifier"
  public static let domain = "ai.onnx.ml"
  public static let schema = OperatorSchema(
    attributes: DecisionTrees.attributes(weights: "class") + [
      .ints("classlabels_int64s"), .other("classlabels_strings", .strings),
    ], inputs: [.init([1: .samples])], outputs: [1: 2])
  let labels: ClassLabels
  let scores: TreeScores
  private let base: [Float]
  private let transform: ScoreTransform
  /// The one class of two that leaves weigh; nil where they weigh both, or there are more.
  private let onlyOne: Int?
  private let isShare: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    labels = try ClassLabels(node, numbers: "classlabels_int64s")
    let trees = try DecisionTrees(named: node, weights: "class")
    scores = try TreeScores(trees, targets: labels.count, .sum, in: Self.opType)
    base = try node.baseValues(of: labels.count)
    transform = try ScoreTransform(node)
    onlyOne = labels.count == 2 && trees.targets.count == 1 ? trees.targets.first : nil
    isShare = !trees.hasNegativeWeights
  }

  func judged(_ x: UnsafeBufferPointer<Float>) -> (place: Int, scores: [Float]) {
    let sums = scores(x)
    guard let onlyOne else {
      let own = sums.adding(base: base)
      return (own.placeOfLargest, transform.apply(own))
    }
    // What is left of a share is the other's; evidence for one is evidence against the other.
    let score = sums[onlyOne] + (base.last ?? 0)
    return isShare
      ? (score > 0.5 ? 1 : 0, [1 - score, score])
      : (score > 0 ? 1 : 0, transform.apply([-score, score]))
  }
}
