import TerminalUI

/// What a change of dropout costs: only what lies below it is computed again.
enum CostText {
  static func spans(_ state: State) -> [TextLine.Span] {
    let (all, again) = state.observation.cost
    guard all > 0 else { return [] }
    let saved = all - again
    return [
      .init("computed again ", .dim), .init(NumberText.count(again), .text),
      .init(" of \(NumberText.count(all)) multiply-adds, ", .dim),
      .init(NumberText.percent(Double(saved) / Double(all)), .text), .init(" saved", .dim),
    ]
  }
}
