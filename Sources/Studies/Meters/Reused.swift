import Insight
import NeuralNet

extension Meter {
  /// The share of the multiply-adds that need not be computed again for this dropout.
  static let reused = Meter(
    "reused", meaning: "of the multiply-adds", unit: .nearlyAll, key: "multiply_adds_reused",
    definition: "the share of the multiply-adds that need not be computed again for this dropout"
  ) { $0.cost.savedShare }
}
