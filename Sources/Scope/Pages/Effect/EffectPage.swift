import Insight
import NeuralNet
public import Studies
import TerminalUI

extension PageName {
  /// See `Page.effect`.
  public static let effect = PageName("effect")
}

extension Page {
  /// What dropout changes from its sites to the output.
  public static let effect = Page(
    name: .effect, formerName: "ripple", title: "Effect", shortTitle: "Eff",
    summary: "downstream effect: how far it is felt", letter: "x",
    bindings: { Bindings.effect }, actions: [.countVotes], panel: { EffectPanel($0) },
    rows: Rows(
      count: { $0.observation.downstream.layers.count },
      value: { state, row in
        let layers = state.observation.downstream.layers
        return layers.indices.contains(row) ? layers[row].value : nil
      },
      text: { state, row in state.observation.downstream.layers[row].name },
      area: { EffectPanel.parts(of: $0).bars.splitTop(ChangeBars.headingRows).rest }),
    open: { state in
      // All layers are wanted now.
      state.isStale = true
      return 0
    }, wantsAll: true,
    beginWork: { if $0.experiment.hasClasses { $0.votes = $0.newVotes() } })
}

extension Bindings {
  /// What works beside the bars of the effect.
  public static let effect: [Binding] =
    [
      moving,
      Binding(
        "x", "count classes over masks", hint: "count classes", [("x", .ofPage(.countVotes))]),
      walking, showing, filter,
    ]
    + of([
      "+ -", "> <", "0 … 9", "s", "m", "r", "i", "n N", ") (", "b B", "u Ctrl-R", "y Y", ":",
    ])
}

extension PageAction {
  /// Counts labels over masks.
  public static let countVotes = PageAction("votes") { $0.votes = $0.newVotes() }
}

/// What the page keeps.
private struct EffectState: PageState {
  var votes: Work?
}

extension State {
  /// Labels under masks of the setting, counted; nil before that was asked for.
  public internal(set) var votes: Work? {
    get { self[EffectState.self].votes }
    _modify { yield &self[EffectState.self].votes }
  }
}
