import NeuralNet
import TerminalUI

/// What a change of dropout costs: only what lies below it is computed again.
enum CostText {
  /// The share of the network's multiply-adds that was kept from the clean run.
  static func saved(_ observation: Observation) -> String {
    NumberText.percent(observation.cost.savedShare)
  }

  static func spans(_ state: State) -> [TextLine.Span] {
    let cost = state.observation.cost
    return [
      .init("computed again ", .dim), .init(NumberText.count(cost.recomputed), .text),
      .init(" of \(NumberText.count(cost.total)) multiply-adds, ", .dim),
      .init(saved(state.observation), .text), .init(" saved", .dim),
    ]
  }
}
