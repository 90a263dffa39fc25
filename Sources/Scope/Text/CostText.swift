import TerminalUI

/// What a change of dropout costs: only what lies below it is computed again.
enum CostText {
  /// The share of the network's multiply-adds that was kept from the clean run.
  static func saved(_ observation: Observation) -> String {
    let (whole, again) = observation.cost
    return NumberText.percent(whole == 0 ? 1 : Double(whole - again) / Double(whole))
  }

  static func spans(_ state: State) -> [TextLine.Span] {
    let (whole, again) = state.observation.cost
    return [
      .init("computed again ", .dim), .init(NumberText.count(again), .text),
      .init(" of \(NumberText.count(whole)) multiply-adds, ", .dim),
      .init(saved(state.observation), .text), .init(" saved", .dim),
    ]
  }
}
