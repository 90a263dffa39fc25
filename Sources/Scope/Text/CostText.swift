import NeuralNet
import Studies
import TerminalUI

/// What a change of dropout costs: only what lies below it is computed again.
enum CostText {
  /// The share of the network's multiply-adds that was kept from the clean run.
  static func saved(_ observation: Observation) -> String {
    nearlyAll(observation.cost.savedShare)
  }

  /// A share in whole percent, above 99 in tenths and rounded down: nearly all is not all.
  static func nearlyAll(_ share: Double) -> String {
    guard share > 0.99, share < 1 else { return NumberText.percent(share) }
    return NumberText.fixed((share * 1000).rounded(.down) / 10, 1) + "%"
  }

  static func spans(_ state: State) -> [TextLine.Span] {
    let cost = state.observation.cost
    return [
      .init("computed anew ", .dim), .init(NumberText.count(cost.recomputed), .text),
      .init(" of \(NumberText.count(cost.total)) multiply-adds, ", .dim),
      .init(saved(state.observation), .text), .init(" reused", .dim),
    ]
  }
}
